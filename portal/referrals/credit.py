"""Who was first with a lead: rows that the database lets only one referral hold, so nothing is checked beforehand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from portal.core import clock, settings
from portal.core.db import db, upsert
from portal.referrals.models import Referral, ReferralCredit
from portal.referrals.sameness import keys_of

if TYPE_CHECKING:
    from datetime import datetime

SAME_MOMENT = timedelta(minutes=1)


class Taken(Exception):
    """Another referral holds one of the keys."""


def claim(referral: Referral) -> None:
    """Take the credit if nobody has it; of two at the same moment the one whose row the database took has it (A8)."""
    keys = keys_of(referral.kind, referral.company, referral.contact_norm)
    until = referral.created_at + timedelta(days=settings.get("referral_credit_days"))
    try:
        with db.session.begin_nested():
            for key in keys:
                _take(referral, key, until)
    except Taken:
        first_id, began = _first(referral.kind, keys)
        referral.has_credit, referral.first_id = False, first_id
        referral.is_tie = abs(referral.created_at - began) < SAME_MOMENT
    else:
        referral.has_credit, referral.first_id, referral.is_tie = True, None, False
    db.session.flush()


def pass_on(referral: Referral) -> Referral | None:
    """The first one turned out not to be valid: the credit goes to the next of the same lead, if there is one."""
    db.session.execute(delete(ReferralCredit).where(ReferralCredit.referral_id == referral.id))
    waiting = select(Referral).where(Referral.first_id == referral.id, Referral.ending == "").order_by(Referral.id)
    following = db.session.execute(waiting.limit(1)).scalar_one_or_none()
    if following is None:
        return None
    claim(following)
    later = update(Referral).where(Referral.first_id == referral.id, Referral.id != following.id)
    db.session.execute(later.values(first_id=following.first_id or following.id))
    return following if following.has_credit else None


def _take(referral: Referral, key: str, until: datetime) -> None:
    table = ReferralCredit.__table__
    values = {"kind": referral.kind, "key": key, "referral_id": referral.id, "until": until}
    mine = {"referral_id": referral.id, "until": until}
    taking = upsert(table, values, keys=["kind", "key"], update=mine, where=table.c.until <= clock.now())
    if db.session.execute(taking.returning(table.c.key)).first() is None:
        raise Taken


def _first(kind: str, keys: list[str]) -> tuple[int, datetime]:
    holders = select(ReferralCredit.referral_id).where(
        ReferralCredit.kind == kind, ReferralCredit.key.in_(keys), ReferralCredit.until > clock.now()
    )
    found = select(Referral.id, Referral.created_at).where(Referral.id.in_(holders)).order_by(Referral.id).limit(1)
    row = db.session.execute(found).one()
    return row.id, row.created_at
