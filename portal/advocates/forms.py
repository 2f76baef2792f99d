"""What is asked of advocates and of those who look after them."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.forms import PortalForm, words_of

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

    reason = words_of("What is wrong?", "Say in a few words what is wrong.", low=3)


class CloseFlagForm(PortalForm):
    """What was done about it."""

    because = words_of("What was done about it?", "Say what was done about it.", low=3)


class NominateForm(PortalForm):
    """Whom, and why: a member by name, or somebody who is not here."""

    member = StringField("A member", validators=[Optional(), Length(max=160)])
    name = StringField("Name", validators=[Optional(), Length(max=120)])
    firm = StringField("Where they work", validators=[Optional(), Length(max=160)])
    address = StringField("Their address", validators=[Optional(), Length(max=254)])
    why = words_of("Why do you think of them?", "Say in a sentence why you think of them.", low=3)


class ContactForm(PortalForm):
    """The first contact."""

    note = words_of("How did it go?")


class InviteForm(PortalForm):
    """Where the invitation goes, when the nominee has no account yet."""

    address = StringField("Their address", validators=[Optional(), Length(max=254)])


class LinkForm(PortalForm):
    """Whose record a contact is."""

    member = StringField("Their name", validators=[Length(min=2, max=160, message="Say whose record it is.")])


class EndForm(PortalForm):
    """Why not this time."""

    because = StringField("Why not this time?", validators=[
        Length(min=3, max=500, message="Say in a few words why.")
    ])  # fmt: skip


class DeclineForm(PortalForm):
    """The nominee's no, which needs no reason."""

    because = StringField("Would you like to say why?", validators=[
        Optional(), Length(max=500, message="Keep it under 500 characters.")
    ])  # fmt: skip


class ActForm(PortalForm):
    """An act as members read of it, and the words by which they agree."""

    name = StringField("Name", validators=[Length(min=2, max=60, message="A name has 2 to 60 characters.")])
    meaning = StringField("What it means, in a sentence", validators=[
        Length(min=5, max=300, message="Say in a sentence what it means.")
    ])  # fmt: skip
    is_call = BooleanField("It counts as a call: a shorter check-in, and the cap of calls in three months")
    wording = words_of("The exact words", "The words have at least 20 characters.", low=20, high=20_000)


class ListForm(PortalForm):
    """The company's list of advocates."""

    addresses = words_of("One address a line", "Paste at least one address.", low=3, high=60_000)
