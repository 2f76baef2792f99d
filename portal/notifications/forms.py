"""Which kinds of notifications come by mail."""

from __future__ import annotations

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.forms import PortalForm


class MailForm(PortalForm):
    """One box for each kind."""

    by_mail = SelectMultipleField("Also by mail", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
