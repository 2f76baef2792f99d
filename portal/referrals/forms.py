"""The shape of what people send about referrals."""

from __future__ import annotations

from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.core import clock
from portal.core.forms import PartialDateField, PortalForm, words_of
from portal.referrals.models import Referral
from portal.referrals.money import typed
from portal.referrals.reasons import reasons_for
from portal.referrals.shown import moves

AGREED = {"yes": "They said yes to me", "not_asked": "I have not asked yet"}


def _words(label: str, most: int, needed: str = "", hint: str = "") -> StringField:
    checks = [DataRequired(needed)] if needed else [Optional()]
    short = Length(max=most, message=f"Keep it under {most} characters.")
    return StringField(label, [*checks, short], description=hint)


def _text(label: str, most: int, hint: str = "") -> TextAreaField:
    short = Length(max=most, message=f"Keep it under {most:,} characters.")
    return TextAreaField(label, [Optional(), short], description=hint)


class ReferForm(PortalForm):
    """Whom a member refers: four or five fields."""

    company = _words("Which company?", 160, "Say which company it is.")
    job = _words(
        "Job or role", 160, "Say for which job or role, in your words.", "In your words: “field service, Halifax”."
    )
    name = _words("Who is it?", 120, "Say what the person is called.", "Their full name.")
    address = StringField("Their mail address", [Optional(), Length(max=254)])
    about = _text("Why them?", 2000, "One or two sentences help whoever takes it up.")
    agreed = RadioField("Have they agreed that we write to them?", [InputRequired("Choose one.")], choices=AGREED)
    agreed_on = DateField("On which day?", [Optional()], default=clock.today)

    @classmethod
    def of(cls, kind: str) -> ReferForm:
        """The form for a kind, without what that kind does not ask."""
        form = cls()
        del form[("company" if kind == "candidate" else "job")]
        if kind != "candidate":
            form.name.label.text = "Whom should we talk to there?"
        return form


class AgreedForm(PortalForm):
    """The referrer heard a yes."""

    agreed_on = DateField("On which day did they say yes?", [DataRequired("Say on which day.")], default=clock.today)


class MoveForm(PortalForm):
    """To which stage; `seen` is where it stood when the page was opened."""

    to = SelectField("Move to", validate_choice=False)
    reason = SelectField("Why it came to nothing", [Optional()], validate_choice=False)
    words = _text(
        "Words for the referrer", 1000, "They read them beside the stage. Leave it empty if the stage says it all."
    )
    seen = HiddenField()

    def offer(self, referral: Referral) -> MoveForm:
        """The stages there are, and the reasons that fit its kind."""
        self.to.choices = moves(referral.kind, referral.stage, referral.consent)
        self.reason.choices = [("", "Choose a reason"), *((one, one) for one in reasons_for(referral.kind))]
        self.seen.data = self.seen.data or referral.stage
        return self


class PlanForm(PortalForm):
    """What comes next, by when, and what it may be worth."""

    next_step = _words("Next step", 200, hint="One thing, as a verb: “Call her about the trial”.")
    next_on = DateField("By", [Optional()])
    amount = _words("Worth", 30)
    currency = SelectField("Currency", validate_choice=False)

    @classmethod
    def of(cls, referral: Referral, currencies: list[str]) -> PlanForm:
        """What is planned now."""
        amount = typed(referral.amount, referral.currency)
        form = cls(data={"next_step": referral.next_step, "next_on": referral.next_on, "amount": amount,
                         "currency": referral.currency or currencies[0]})  # fmt: skip
        form.currency.choices = [(one, one) for one in sorted({*currencies, referral.currency} - {""})]
        return form


class OwnerForm(PortalForm):
    """Who looks after it."""

    owner = SelectField("Owner", validate_choice=False)


class NoteForm(PortalForm):
    """A line for the history."""

    note = TextAreaField("Note", [DataRequired("Write a line."), Length(max=2000)])
    told = BooleanField("The referrer reads it too")


class AnswerStoryForm(PortalForm):
    """Whether it was so, and why, for the teller to read."""

    reason = words_of(
        "Why, for the member to read", "Say why, in 2 to 1,000 characters; the teller reads it.", low=2, high=1000
    )


class DeputyForm(PortalForm):
    """To whom one's referrals go."""

    deputy = SelectField("Deputy", validate_choice=False)


class StoryForm(PortalForm):
    """ "I brought you in here"."""

    company = _words("Which firm?", 160, "Say which firm it was.")
    when = PartialDateField(
        "When was it?",
        [DataRequired("Say when it was.")],
        description="A year, a month or a day: 2014, 2014-06 or 2014-06-30.",
    )
    what = TextAreaField("How did it happen?", [DataRequired("Tell it in a sentence or two."), Length(max=2000)])
