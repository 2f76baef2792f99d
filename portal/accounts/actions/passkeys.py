"""Passkeys: made, named, taken away, and used; each change is told to every address (I14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from portal.accounts import emails, policies, queries, tickets
from portal.accounts.actions.sessions import confirm_session, open_session
from portal.accounts.models import Passkey, SpentChallenge
from portal.accounts.passkeys import NOT_RIGHT, TOO_LATE
from portal.core import audit, clock, tokens
from portal.core.db import add, db
from portal.core.errors import Conflict, Gone, Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.accounts.devices import Device
    from portal.accounts.passkeys import NewKey
    from portal.core.access import Viewer

NOT_YOURS = "You can only change how you get in yourself."
AT_THE_DOOR = "Only a person signs in."
LAST_WAY_IN = "This is your last way in. Add an address of your own, or another passkey, before you take it away."
MOST = 20


def add_passkey(person_id: int, made: NewKey, name: str, challenge: bytes, session_id: int, *, by: Viewer) -> Passkey:
    """Keep a passkey that a device has just made; whoever holds it shows two factors."""
    require(policies.is_owner(by, person_id), NOT_YOURS)
    if len(queries.passkeys_of(person_id)) >= MOST:
        raise Invalid(f"You have {MOST} passkeys. Remove one that you don’t use before you add another one.")
    _spend(challenge)
    row = Passkey(
        person_id=person_id, name=name, key_id=made.key_id, public_key=made.public_key, sign_count=made.sign_count,
        is_synced=made.is_synced,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            add(row)
    except IntegrityError:
        raise Conflict("This passkey is kept here already.") from None
    confirm_session(session_id, factors=2, by=by)
    _changed(row, "added", by)
    return row


def rename_passkey(passkey: Passkey, name: str, *, by: Viewer) -> None:
    """Call it by another name; only its owner sees it."""
    require(policies.is_owner(by, passkey.person_id), NOT_YOURS)
    passkey.name = name
    audit.record("rename passkey", passkey, by=by, about=passkey.person_id)


def remove_passkey(passkey: Passkey, *, by: Viewer) -> None:
    """It opens nothing any more; the last way in can't be taken away."""
    require(policies.is_owner(by, passkey.person_id), NOT_YOURS)
    left = [way for way in queries.ways_of(passkey.person_id) if way.kind != "paper"]
    if len(left) < 2:
        raise Invalid(LAST_WAY_IN)
    db.session.execute(delete(Passkey).where(Passkey.id == passkey.id))
    _changed(passkey, "removed", by)


def sign_in_by_passkey(passkey: Passkey, count: int, challenge: bytes, device: Device, *, by: Viewer) -> str:
    """Sign in by a passkey whose answer was found right: two factors in one. Returns the session's token."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    _use(passkey, count, challenge)
    return open_session(passkey.person_id, device, through="passkey", factors=2, by=by)


def confirm_by_passkey(passkey: Passkey, count: int, challenge: bytes, session_id: int, *, by: Viewer) -> None:
    """Show again who one is, and raise this session to two factors."""
    require(policies.is_owner(by, passkey.person_id), NOT_YOURS)
    _use(passkey, count, challenge)
    confirm_session(session_id, factors=2, by=by)


def _use(passkey: Passkey, count: int, challenge: bytes) -> None:
    """Of two equal answers one gets through, and the count of a key runs forwards only."""
    _spend(challenge)
    forward = update(Passkey).where(Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
    values = {"sign_count": count, "used_at": clock.now()}
    if db.session.execute(forward.values(**values).returning(Passkey.id)).first() is None:
        raise Invalid(NOT_RIGHT)


def _spend(challenge: bytes) -> None:
    try:
        with db.session.begin_nested():
            add(SpentChallenge(digest=tokens.digest(challenge.hex())))
    except IntegrityError:
        raise Gone(TOO_LATE) from None


def _changed(passkey: Passkey, how: str, by: Viewer) -> None:
    tickets.kill(passkey.person_id, "factor change")
    emails.way_in_changed(passkey.person_id, f"passkey {how}", passkey.name)
    audit.record(f"passkey {how}", passkey, by=by, about=passkey.person_id)
