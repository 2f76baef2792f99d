"""The name of a made-up member."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from portal.core.forms import PortalForm


class CanaryForm(PortalForm):
    """A name that nobody here has."""

    name = StringField(
        "Name of the made-up member", [DataRequired("Write a name."), Length(max=120, message="Keep it under 120 characters.")],
        description="One that nobody here has. It appears among the people like any other.",
    )  # fmt: skip
