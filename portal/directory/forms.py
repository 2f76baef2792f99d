"""The shape of what members write on the people pages."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from portal.core.forms import PortalForm


class SaveForm(PortalForm):
    """A name for a search that one keeps."""

    name = StringField(
        "What to call it", [DataRequired("Give it a name."), Length(max=80, message="Keep it under 80 characters.")]
    )
