"""Reading cases of people who lost every way in, and what of an account may hear of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, func, or_, select

from portal.accounts.models import EmailAddress, RecoveryCase
from portal.accounts.models.helping import RUNNING
from portal.accounts.queries.addresses import is_work
from portal.accounts.queries.keys import USED_UP
from portal.core import clock, tokens
from portal.core.db import db, get_one, rows, scalars
from portal.core.errors import Gone
from portal.core.pages import Page, keyset

if TYPE_CHECKING:
    from collections.abc import Sequence

CALM = timedelta(days=7)  # without messages or export after an account was taken back (R14)
NO_CASE = "There is no such case."


def case(public_id: str) -> RecoveryCase:
    """A case, for admins."""
    return get_one(select(RecoveryCase).where(RecoveryCase.public_id == public_id), NO_CASE)


def cases(states: Sequence[str], *, after: str | None = None, before: str | None = None) -> Page[RecoveryCase]:
    """Cases in these states, those that wait longest first."""
    found = select(RecoveryCase).where(RecoveryCase.state.in_(states))
    return keyset(found, (RecoveryCase.id,), size=30, after=after, before=before, ascending=True).map(
        lambda row: row[0]
    )


def count_cases() -> int:
    """How many cases wait for an admin."""
    found = select(func.count()).select_from(RecoveryCase).where(RecoveryCase.state.in_(("proved", "proposed")))
    return db.session.execute(found).scalar_one()


def case_behind(secret: str, *states: str) -> RecoveryCase:
    """The case that a mailed link belongs to, while it is good for this; to look, the first link will do."""
    digest = tokens.digest(secret)
    known = RecoveryCase.token_hash == digest
    found = select(RecoveryCase).where(known if states else or_(known, RecoveryCase.status_hash == digest))
    lives = or_(RecoveryCase.expires_at.is_(None), RecoveryCase.expires_at > clock.now())
    row = db.session.execute(found.where(lives)).scalar_one_or_none()
    if row is None or (states and row.state not in states):
        raise Gone(USED_UP)
    return row


def running_case(person_id: int) -> RecoveryCase | None:
    """The one case that runs for a person."""
    found = select(RecoveryCase).where(RecoveryCase.person_id == person_id, RecoveryCase.state.in_(RUNNING))
    return db.session.execute(found).scalar_one_or_none()


def ripe_cases() -> list[RecoveryCase]:
    """Cases whose waiting period is over."""
    found = select(RecoveryCase).where(RecoveryCase.state == "waiting", RecoveryCase.effective_at <= clock.now())
    return scalars(found.order_by(RecoveryCase.id).limit(50).with_for_update(skip_locked=True))


def unused_cases() -> list[RecoveryCase]:
    """Cases whose link back in has run out."""
    found = select(RecoveryCase).where(RecoveryCase.state == "ready", RecoveryCase.expires_at <= clock.now())
    return scalars(found.order_by(RecoveryCase.id).limit(50).with_for_update(skip_locked=True))


def ever_own(person_id: int) -> list[EmailAddress]:
    """Every address of their own that a person ever proved, but none that ended with work or is somebody else's now (I9)."""
    other = EmailAddress.__table__.alias()
    elsewhere = exists().where(other.c.live_norm == EmailAddress.norm, other.c.person_id != person_id)
    found = select(EmailAddress).where(
        EmailAddress.person_id == person_id, EmailAddress.kind == "personal", EmailAddress.verified_at.is_not(None),
        EmailAddress.state.in_(("live", "stale", "suspended", "dead", "removed")), ~elsewhere,
    )  # fmt: skip
    mine = {row.norm: row for row in scalars(found.order_by(EmailAddress.id))}
    return [row for row in mine.values() if not is_work(row)]


_LAST_DONE = (
    select(RecoveryCase.ended_at)
    .where(RecoveryCase.person_id == bindparam("me"), RecoveryCase.state == "done")
    .order_by(RecoveryCase.ended_at.desc())
    .limit(1)
)


def calm_until(person_id: int) -> dict[str, Any]:
    """Until when an account that was taken back sends no messages and exports nothing."""
    last = next(iter(rows(_LAST_DONE, me=person_id)), None)
    return {"calm_until": last.ended_at + CALM if last is not None else None}
