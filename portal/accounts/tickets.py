"""Secrets that are mailed: made for one purpose and one person, taken once, killed by what makes them stale (R8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, update

from portal.accounts.models import PURPOSES, LoginToken
from portal.accounts.queries.keys import USED_UP
from portal.core import clock, tokens
from portal.core.db import add, db
from portal.core.errors import Gone

if TYPE_CHECKING:
    from collections.abc import Iterable

LIVES = {
    "sign_in": timedelta(minutes=10),
    "device": timedelta(minutes=10),
    "second": timedelta(minutes=10),
    "confirm": timedelta(minutes=10),
    "verify": timedelta(hours=24),
    "reset": timedelta(hours=1),
    "stop_reset": timedelta(days=7),
    "undo_removal": timedelta(days=7),
    "veto": timedelta(days=30),  # longer than any case runs
}
# Those that protect the owner outlive what a thief of the session could do; a merge or a freeze ends all.
SAFETY_LINES = frozenset({"stop_reset", "undo_removal", "veto"})
PER_ADDRESS = frozenset({"verify", "stop_reset", "undo_removal", "veto"})  # a newer one ends those of its address only
KILLED_BY = {
    "sign-in": frozenset({"sign_in", "device", "second", "reset"}),
    "password change": frozenset(PURPOSES) - SAFETY_LINES,
    "factor change": frozenset(PURPOSES) - SAFETY_LINES,
    "merge": frozenset(PURPOSES),
    "freeze": frozenset(PURPOSES),
    "reset stopped": frozenset({"reset", "stop_reset"}),
    "recovery over": frozenset({"veto"}),
}
KEPT = timedelta(days=30)


def issue(
    purpose: str, person_id: int, address_id: int | None, *, browser_hash: str = "", data: dict[str, Any] | None = None
) -> tuple[str, datetime]:
    """A fresh secret and when it ends; the older ones of its sort (and address) end now."""
    older = _open(person_id).where(LoginToken.purpose == purpose)
    if purpose in PER_ADDRESS:
        older = older.where(LoginToken.address_id == address_id)
    db.session.execute(older.values(used_at=clock.now()))
    secret, ends = tokens.new_secret(), clock.now() + LIVES[purpose]
    add(
        LoginToken(person_id=person_id, address_id=address_id, purpose=purpose, token_hash=tokens.digest(secret),
                   browser_hash=browser_hash, data=data or {}, expires_at=ends)
    )  # fmt: skip
    return secret, ends


def take(ticket: LoginToken) -> None:
    """Use it up, or `Gone`: of two who hold the same link one gets through."""
    mine = update(LoginToken).where(LoginToken.id == ticket.id, LoginToken.used_at.is_(None))
    taken = mine.where(LoginToken.expires_at > clock.now()).values(used_at=clock.now()).returning(LoginToken.id)
    if db.session.execute(taken, execution_options={"synchronize_session": False}).first() is None:
        raise Gone(USED_UP)


def kill(person_id: int, event: str) -> None:
    """What happened makes these secrets of a person worthless."""
    _kill(person_id, KILLED_BY[event])


def kill_of_address(address_id: int) -> None:
    """The address is not the person's way in any more: what was mailed to it is worthless, but what protects the owner."""
    found = update(LoginToken).where(LoginToken.address_id == address_id, LoginToken.used_at.is_(None))
    _run(found.where(LoginToken.purpose.not_in(("undo_removal", "veto"))))


def clean() -> None:
    """Forget what ended a month ago."""
    db.session.execute(delete(LoginToken).where(LoginToken.expires_at < clock.now() - KEPT))


def _kill(person_id: int, purposes: Iterable[str]) -> None:
    _run(_open(person_id).where(LoginToken.purpose.in_(sorted(purposes))))


def _open(person_id: int) -> Any:
    return update(LoginToken).where(LoginToken.person_id == person_id, LoginToken.used_at.is_(None))


def _run(statement: Any) -> None:
    db.session.execute(statement.values(used_at=clock.now()), execution_options={"synchronize_session": False})


def address_of(ticket: LoginToken) -> int:
    """The address it was mailed to; one that went to none is no proof of any."""
    if ticket.address_id is None:
        raise Gone(USED_UP)
    return ticket.address_id
