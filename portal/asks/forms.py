"""What is asked of those who ask, and of those who are asked."""

from __future__ import annotations

from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.asks.models import OUTCOMES
from portal.core.forms import PortalForm, words_of


class AskForm(PortalForm):
    """The brief, as the advocate reads it."""

    act = SelectField("What for")
    what = words_of("The brief", "Say what it is about, in between 10 and 4,000 characters.", low=10, high=4000)
    firm = StringField("For which firm", validators=[Optional(), Length(max=160)])
    deal = StringField("In which deal", validators=[Optional(), Length(max=120)])
    by_date = DateField("Needed by", validators=[InputRequired("Give a day, like 2027-02-12.")])
    data_use = words_of("What happens to their data")
    override_reason = words_of("Ask beyond the limits, because")


class OutsideForm(PortalForm):
    """A favour that was asked beside the portal."""

    act = SelectField("What was asked")
    what = words_of("In a sentence", "Say in a sentence what was asked.", low=3)
    on = DateField("When", validators=[InputRequired("Give a day, like 2026-11-02.")])


class OutcomeForm(PortalForm):
    """What came of it."""

    outcome = SelectField("What came of it", [InputRequired("Choose what came of it.")],
                          choices={"": "Choose an outcome"} | OUTCOMES)  # fmt: skip
    note = words_of("In a sentence")
    feedback = words_of("How was it with the advocate?")


class ThanksForm(PortalForm):
    """Thanks, in one's own words."""

    thanks = words_of("Thank them", "Thank them in a sentence of your own.", low=3)


class FeedbackForm(PortalForm):
    """How it was, for the advocate."""

    feedback = words_of("How was it for you?", "Write between 2 and 2,000 characters.", low=2)
