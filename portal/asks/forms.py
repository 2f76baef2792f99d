"""What is asked of those who ask, and of those who are asked."""

from __future__ import annotations

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.asks.models import OUTCOMES
from portal.core.forms import PortalForm

WORDS = "Keep it under 2,000 characters."


class AskForm(PortalForm):
    """The brief, as the advocate reads it."""

    act = SelectField("What for")
    what = TextAreaField("The brief", validators=[
        Length(min=10, max=4000, message="Say what it is about, in between 10 and 4,000 characters.")
    ])  # fmt: skip
    firm = StringField("For which firm", validators=[Optional(), Length(max=160)])
    deal = StringField("In which deal", validators=[Optional(), Length(max=120)])
    by_date = DateField("Needed by", validators=[InputRequired("Give a day, like 2027-02-12.")])
    data_use = TextAreaField("What happens to their data", validators=[Optional(), Length(max=2000, message=WORDS)])
    override_reason = TextAreaField("Ask beyond the limits, because", validators=[Optional(), Length(max=2000)])


class OutsideForm(PortalForm):
    """A favour that was asked beside the portal."""

    act = SelectField("What was asked")
    what = TextAreaField(
        "In a sentence", validators=[Length(min=3, max=2000, message="Say in a sentence what was asked.")]
    )
    on = DateField("When", validators=[InputRequired("Give a day, like 2026-11-02.")])


class OutcomeForm(PortalForm):
    """What came of it."""

    outcome = SelectField("What came of it", choices=OUTCOMES)
    note = TextAreaField("In a sentence", validators=[Optional(), Length(max=2000, message=WORDS)])
    feedback = TextAreaField("How was it with the advocate?", validators=[Optional(), Length(max=2000, message=WORDS)])


class ThanksForm(PortalForm):
    """Thanks, in one's own words."""

    thanks = TextAreaField("Thank them", validators=[
        Length(min=3, max=2000, message="Thank them in a sentence of your own.")
    ])  # fmt: skip


class FeedbackForm(PortalForm):
    """How it was, for the advocate."""

    feedback = TextAreaField("How was it for you?", validators=[
        Length(min=2, max=2000, message="Write between 2 and 2,000 characters.")
    ])  # fmt: skip
