"""The yes or no of the referred person: told by the referrer, or given by the letter, without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import clock
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.referrals import closing, consenting, policies, queries, telling

if TYPE_CHECKING:
    from datetime import date

    from portal.core.access import Viewer
    from portal.referrals.models import Referral, ReferralLetter

NO = "They would rather not."


def say_they_agreed(referral: Referral, given_on: date, *, by: Viewer) -> None:
    """The referrer heard a yes."""
    require(policies.can_take_back(by, referral), "This referral is over already.")
    if referral.consent != "waiting":
        raise Invalid("Their answer is known already.")
    if given_on > clock.today():
        raise Invalid("This day is still to come. On which day did they say yes?", "agreed_on")
    about = referral.job or referral.company
    consenting.check_claim(referral.kind, about, referral.contact_name, referral.contact_norm, by=by)
    consenting.record_yes(referral, "referrer", given_on, by=by)
    telling.tell_owner_of_answer(referral, by=by)


def answer_letter(letter: ReferralLetter, answer: str, *, by: Viewer) -> None:
    """What the person says holds at once, for every referral of them; a no can follow a yes, and reaches what is over."""
    require(by.system, "Only the link in the letter answers it.")
    if answer not in ("yes", "no"):
        raise Invalid("Choose yes or no.")
    if letter.answer in {answer, "no"}:
        return
    letter.answer = answer
    for referral in queries.asked_by(letter):
        if answer == "no":
            consenting.record_no(referral, "letter", by=by)
            if referral.ending:
                closing.forget(referral)
                continue
            telling.tell_consent(referral, by=by)
            closing.end_unheard(referral, NO, by=by)
        elif referral.consent == "waiting" and not referral.ending:
            consenting.record_yes(referral, "letter", clock.today(), by=by)
            telling.tell_consent(referral, by=by)
