"""What is asked of advocates and of those who look after them."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.forms import PortalForm

RESTS: dict[str, Any] = {
    "0": "As often as the house allows", "60": "Every two months", "90": "Every three months", "180": "Twice a year",
    "365": "Once a year",
}  # fmt: skip
A_DAY = "Give a day, like 2027-08-01."


class AgreeForm(PortalForm):
    """The yes to an act's wording; off until chosen."""

    agree = BooleanField("I have read these words and agree to them.", validators=[
        InputRequired("Tick the box if you agree. Nothing is turned on without it.")
    ])  # fmt: skip


class LimitsForm(PortalForm):
    """How often: lower than the house's caps only."""

    own_calls = SelectField("Calls and visits in three months, at most", coerce=int)
    rest_days = SelectField("Ask me at most", coerce=int, choices=RESTS)


class PauseForm(PortalForm):
    """Days that are left out."""

    starts_on = DateField("From", validators=[InputRequired(A_DAY)])
    ends_on = DateField("Until, that day included", validators=[InputRequired(A_DAY)])


class FlagForm(PortalForm):
    """What is wrong."""

    reason = TextAreaField("What is wrong?", validators=[
        Length(min=3, max=2000, message="Say in a few words what is wrong.")
    ])  # fmt: skip


class CloseFlagForm(PortalForm):
    """What was done about it."""

    because = TextAreaField("What was done about it?", validators=[
        Length(min=3, max=2000, message="Say what was done about it.")
    ])  # fmt: skip


class NominateForm(PortalForm):
    """Whom, and why: a member by name, or somebody who is not here."""

    member = StringField("A member", validators=[Optional(), Length(max=160)])
    name = StringField("Or somebody who is not here: name", validators=[Optional(), Length(max=120)])
    firm = StringField("Where they work", validators=[Optional(), Length(max=160)])
    address = StringField("Their address", validators=[Optional(), Length(max=254)])
    why = TextAreaField("Why do you think of them?", validators=[
        Length(min=3, max=2000, message="Say in a sentence why you think of them.")
    ])  # fmt: skip


class ContactForm(PortalForm):
    """The first contact."""

    note = TextAreaField("How did it go?", validators=[Optional(), Length(max=2000)])


class InviteForm(PortalForm):
    """Where the invitation goes, when the nominee has no account yet."""

    address = StringField("Their address", validators=[Optional(), Length(max=254)])


class EndForm(PortalForm):
    """Why not this time."""

    because = StringField("Why not this time?", validators=[
        Length(min=3, max=500, message="Say in a few words why.")
    ])  # fmt: skip


class ActForm(PortalForm):
    """An act as members read of it, and the words by which they agree."""

    name = StringField("Name", validators=[Length(min=2, max=60, message="A name has 2 to 60 characters.")])
    meaning = StringField("What it means, in a sentence", validators=[
        Length(min=5, max=300, message="Say in a sentence what it means.")
    ])  # fmt: skip
    is_call = BooleanField("It counts as a call: a shorter check-in, and the cap of calls in three months")
    wording = TextAreaField("The exact words", validators=[
        Length(min=20, max=20_000, message="The words have at least 20 characters.")
    ])  # fmt: skip


class ListForm(PortalForm):
    """The company's list of advocates."""

    addresses = TextAreaField("One address a line", validators=[
        Length(min=3, max=60_000, message="Paste at least one address.")
    ])  # fmt: skip
