"""What one writes to say hello."""

from __future__ import annotations

from portal.core.forms import MarkdownField, PortalForm
from portal.messages.models import LONGEST, SHORTEST


class HelloForm(PortalForm):
    """A few words."""

    body = MarkdownField("Your words", low=SHORTEST, high=LONGEST)
