"""The referred person's yes comes before the host writes to them (A8); one neutral letter may ask for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.core import clock, settings, tokens
from portal.core.db import add, db, upsert
from portal.core.errors import Invalid
from portal.core.suppression import is_suppressed
from portal.referrals import emails, ledger, queries
from portal.referrals.index import REFERRALS
from portal.referrals.models import Referral, ReferralConsent, ReferralLetter

if TYPE_CHECKING:
    from datetime import date

    from portal.core.access import Viewer

ASKED_AGAIN_AFTER = timedelta(days=180)
WORDS = {
    "referrer": "The referrer says: they said yes to me, {host} may write to them.",
    "letter": "{host} may write to me because {referrer} thought that we might talk.",
}

THEY_SAID_NO = "They have told us themselves that they would rather not. Only they can change that, by writing to us."


def check_claim(kind: str, about: str, name: str, norm: str, *, field: str | None = None, by: Viewer) -> None:
    """Nobody says yes for a person who has said no, with or without their address: their own answer is the stronger (A8)."""
    if queries.said_no(norm) or queries.own_refused(by, kind, about, name):
        raise Invalid(THEY_SAID_NO, field)


def record_yes(referral: Referral, how: str, given_on: date, *, by: Viewer) -> None:
    """The person agreed that the host writes to them; from now on those who work with it see who it is."""
    _record(referral, "yes", how, given_on, by)
    REFERRALS.put(referral.id, f"{referral.company} {referral.job} {referral.contact_name}")


def record_no(referral: Referral, how: str, *, by: Viewer) -> None:
    """The person would rather not."""
    _record(referral, "no", how, clock.today(), by)


def ask_once(referral: Referral, *, by: Viewer) -> bool:
    """Send the one letter, unless this address was asked lately, has said no, or wants nothing from us."""
    if is_suppressed(referral.contact_address):
        return False
    secret, now = tokens.new_secret(), clock.now()
    ends = now + timedelta(days=settings.get("referral_letter_days"))
    fresh = {
        "referral_id": referral.id, "token_hash": tokens.digest(secret), "sent_at": now, "expires_at": ends, "answer": "",
    }  # fmt: skip
    table = ReferralLetter.__table__
    may_again = (table.c.sent_at < now - ASKED_AGAIN_AFTER) & (table.c.answer != "no")
    values = {"address_hash": tokens.digest(referral.contact_norm), **fresh}
    asking = upsert(table, values, keys=["address_hash"], update=fresh, where=may_again)
    if db.session.execute(asking.returning(table.c.id)).first() is None:
        return False
    emails.ask_the_referred(referral, by.name, secret, ends)
    return True


def pass_letter_on(referral: Referral) -> None:
    """The letter stands for another referral of the same address, so that its answer reaches those that remain."""
    same = (Referral.contact_norm == referral.contact_norm, Referral.contact_norm != "", Referral.id != referral.id)
    others = select(Referral.id).where(*same).order_by(Referral.id).limit(1)
    other = db.session.execute(others).scalar_one_or_none()
    if other is not None:
        asks = update(ReferralLetter).where(ReferralLetter.referral_id == referral.id)
        db.session.execute(asks.values(referral_id=other))


def _record(referral: Referral, answer: str, how: str, given_on: date, by: Viewer) -> None:
    words = WORDS[how].format(host=settings.get("host_name"), referrer="the referrer")
    add(ReferralConsent(referral_id=referral.id, answer=answer, how=how, given_on=given_on, words=words,
                        recorded_by_id=by.person_id))  # fmt: skip
    old, referral.consent = referral.consent, answer
    ledger.log(referral, "consent", by=by, old=old, new=answer, note=how, told=True)
    ledger.set_clock(referral)
