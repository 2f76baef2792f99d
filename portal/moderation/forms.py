"""The shape of what people send to moderation."""

from __future__ import annotations

from wtforms import BooleanField, DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Optional

from portal.core.forms import PortalForm
from portal.moderation import reasons

VERB_LABELS = {
    "stand": "Leave it as it is",
    "restore": "Show it again",
    "release": "Let it through",
    "hide": "Hide it",
    "lock": "Close the topic to replies",
    "move": "Move the topic to another board",
    "warn": "Warn the author",
    "suspend": "Pause the author's account",
}


class ReportForm(PortalForm):
    """A member's flag."""

    reason = RadioField("Which rule is broken?", choices=reasons.LABELS, validate_choice=False)
    words = TextAreaField("What should a moderator know?")


class DecisionForm(PortalForm):
    """What a moderator wants done."""

    verb = RadioField("What should be done?", validate_choice=False)
    hides = BooleanField("Hide what was written as well")
    reason = SelectField("Reason", choices={"": "Choose a reason"} | reasons.LABELS, validate_choice=False)
    words = TextAreaField("Words to the author")
    until = DateField("May write again on", [Optional()])
    board = SelectField("Board", validate_choice=False)


class BecauseForm(PortalForm):
    """Why a decision is refused or taken back; the author reads it."""

    because = TextAreaField("Why? The author reads this.")


class AppealForm(PortalForm):
    """A member's objection."""

    words = TextAreaField("Why is the decision wrong?", [DataRequired("Say why you think the decision is wrong.")])


class AnswerForm(PortalForm):
    """What somebody else makes of an appeal."""

    granted = RadioField(
        "Your answer",
        [DataRequired("Choose what should become of the decision.")],
        choices={"yes": "Grant it: take the decision back", "no": "The decision stands"},
    )
    answer = TextAreaField("Words to the author")
