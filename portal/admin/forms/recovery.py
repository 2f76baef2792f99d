"""What admins say about people who lost every way in."""

from __future__ import annotations

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.core.forms import PortalForm

HOW = "Say in a line or two how you know that it is them."


class EvidenceForm(PortalForm):
    """How an admin knows."""

    evidence = TextAreaField(
        "How do you know?", [DataRequired(HOW), Length(max=2000)],
        description="Such as: spoke to them on the phone number of 2019; they named two colleagues and the year they left.",
    )  # fmt: skip


class ProposeForm(EvidenceForm):
    """Whose account it is, and how the admin knows."""

    person = StringField(
        "Whose account is it?", [DataRequired("Choose the person."), Length(max=200)],
        description="A name, or a name with the public id behind it, as the suggestions give it.",
    )  # fmt: skip


class DisputeForm(PortalForm):
    """Whose an address is, and how the admin knows."""

    give = RadioField(
        "Who has it from now on?", [DataRequired("Choose one.")],
        choices={"give": "Whoever has just proved it", "keep": "Whoever held it before"},
    )  # fmt: skip
    reason = TextAreaField(
        "How do you know?", [DataRequired("Say how you know."), Length(max=2000)],
        description="Kept in the audit; neither of them reads it.",
    )  # fmt: skip
