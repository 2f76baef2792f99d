"""What HR says of somebody who leaves."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, StringField
from wtforms.validators import DataRequired, Length

from portal.accounts.forms.fields import AddressField
from portal.core.forms import PortalForm

BOX: dict[str, Any] = {
    "type": "email",
    "inputmode": "email",
    "autocomplete": "off",
    "spellcheck": "false",
    "maxlength": 254,
}


NAME = "A name has between 2 and 120 characters."


class LeaverForm(PortalForm):
    """Who, until when, and where they can be reached afterwards."""

    full_name = StringField("Name", [DataRequired("Write the name."), Length(min=2, max=120, message=NAME)])
    ends_on = DateField("Last day", [DataRequired("Give the day as year-month-day.")])
    own = AddressField(
        "Their own address, if they gave you one", render_kw=BOX,
        description="The letter goes there, and still reaches them afterwards.",
    )  # fmt: skip
    work = AddressField(
        "Their address at work", render_kw=BOX,
        description="By it we find their record. Without an own address, the letter goes there, in good time.",
    )  # fmt: skip
    title = StringField("Title", [Length(max=120, message="Keep it under 120 characters.")])
    department = StringField("Department or team", [Length(max=80, message="Keep it under 80 characters.")])


class DayForm(PortalForm):
    """Another last day."""

    ends_on = DateField("Last day", [DataRequired("Give the day as year-month-day.")])
