"""Signed-in devices: opened, confirmed, ended (I14)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from portal.accounts import emails, policies, queries, tickets
from portal.accounts.models import EmailAddress, RecoveryCase, Session
from portal.accounts.models.helping import END_SHOWN, RUNNING
from portal.core import audit, clock, settings, tokens
from portal.core.access import viewer_of
from portal.core.db import add, db, scalars
from portal.core.policy import require
from portal.people.actions import come_back
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from portal.accounts.devices import Device
    from portal.core.access import Viewer

SIGNED_IN = "The owner of the account signed in."
NOT_YOURS = "You can only end your own sessions."


def open_session(
    person_id: int, device: Device, *, through: str, address_id: int | None = None, factors: int = 1, by: Viewer
) -> str:
    """Sign a person in on a device; returns the token for its cookie. Whoever stepped back is back."""
    require(policies.is_visitor(by), "The system does not sign in.")
    token, now = tokens.new_secret(), clock.now()
    known, first = queries.knows_browser(person_id, device.browser_hash), not queries.has_signed_in(person_id)
    add(Session(
        person_id=person_id, token_hash=tokens.digest(token), opened_through=through, address_id=address_id,
        factors=factors, browser_hash=device.browser_hash, device=device.name, ip=device.ip, expires_at=now + slides(),
    ))  # fmt: skip
    tickets.kill(person_id, "sign-in")
    if through != "recovery":
        _not_lost_after_all(person_id, address_id)
    _end_oldest(person_id)
    if address_id is not None:
        _prove(address_id)
    person = viewer_of(person_id)
    come_back(person_by_id(person_id), by=person)
    audit.record("sign in", ("person", person_id), by=person, note=f"{through}, {device.name}")
    if not known and not first:
        emails.new_device(person_id, device.name, now)
    return token


def _not_lost_after_all(person_id: int, address_id: int | None) -> None:
    """Whoever signs in by something of their own needs nobody to give the account back; a work mailbox proves nothing (R11)."""
    if address_id is not None and queries.is_work(queries.address_by_id(address_id)):
        return
    running = update(RecoveryCase).where(RecoveryCase.person_id == person_id, RecoveryCase.state.in_(RUNNING))
    now = clock.now()
    over = {"state": "over", "ended_at": now, "ended_because": SIGNED_IN, "expires_at": now + END_SHOWN}
    ended = db.session.execute(running.values(**over).returning(RecoveryCase.id)).scalar()
    if ended is None:
        return
    case = db.session.get_one(RecoveryCase, ended, populate_existing=True)
    tickets.kill(person_id, "recovery over")
    emails.recovery_over(case, signed_in=True)
    emails.recovery_needless(person_id)
    emails.admins_told("signed in", SIGNED_IN, person_id)
    audit.record("recovery over", case, by=viewer_of(person_id), about=person_id, note=SIGNED_IN)


def slides() -> timedelta:
    """How long a session lives after it was last used."""
    return timedelta(days=settings.get("session_days"))


def confirm_session(session_id: int, *, factors: int | None = None, by: Viewer) -> None:
    """The person has just shown again who they are."""
    require(by.is_member, "Please sign in first.")
    values: dict[str, Any] = {"authenticated_at": clock.now()} | ({"factors": factors} if factors else {})
    mine = update(Session).where(
        Session.id == session_id, Session.person_id == by.person_id, Session.ended_at.is_(None)
    )
    db.session.execute(mine.values(**values))
    audit.record("confirm identity", ("person", by.person_id), by=by)


def end_session(session: Session, *, by: Viewer) -> None:
    """Sign a device out, at once."""
    require(policies.is_owner(by, session.person_id), NOT_YOURS)
    session.ended_at = clock.now()
    audit.record("sign out", ("person", session.person_id), by=by, note=session.device)


def leave_session(session_id: int | None, *, by: Viewer) -> None:
    """Whoever signs in anew on a browser is not signed in on it twice (ASVS 7.2.4)."""
    require(policies.is_visitor(by), NOT_YOURS)
    mine = update(Session).where(
        Session.id == session_id, Session.person_id == by.person_id, Session.ended_at.is_(None)
    )
    db.session.execute(mine.values(ended_at=clock.now()))


def end_session_by_id(session_id: int, *, by: Viewer) -> None:
    """Sign this device out."""
    require(by.is_member, "You are signed out already.")
    mine = update(Session).where(Session.id == session_id, Session.person_id == by.person_id)
    db.session.execute(mine.values(ended_at=clock.now()))
    audit.record("sign out", ("person", by.person_id), by=by)


def end_sessions(person_id: int, *, but: int | None = None, by: Viewer) -> None:
    """Sign every device out, but this one."""
    require(policies.can_end_sessions(by, person_id), NOT_YOURS)
    found = update(Session).where(Session.person_id == person_id, Session.ended_at.is_(None))
    db.session.execute(
        found.where(Session.id != but).values(ended_at=clock.now()) if but else found.values(ended_at=clock.now())
    )
    audit.record("sign out everywhere", ("person", person_id), by=by)


def end_sessions_through(address: EmailAddress, *, by: Viewer) -> None:
    """Whatever was opened through an address ends with it (I14)."""
    require(by.system or by.has_role("admin") or policies.is_owner(by, address.person_id), NOT_YOURS)
    found = update(Session).where(Session.address_id == address.id, Session.ended_at.is_(None))
    db.session.execute(found.values(ended_at=clock.now()))


def _end_oldest(person_id: int) -> None:
    most = settings.get("session_devices")
    order = (Session.last_used_at.desc(), Session.id.desc())
    found = select(Session.id).where(Session.person_id == person_id, *queries.running()).order_by(*order)
    if older := scalars(found)[most:]:
        db.session.execute(update(Session).where(Session.id.in_(older)).values(ended_at=clock.now()))


def _prove(address_id: int) -> None:
    """Using an address proves it anew (R5)."""
    mine = update(EmailAddress).where(EmailAddress.id == address_id, EmailAddress.state.in_(("live", "stale")))
    db.session.execute(mine.values(state="live", proved_at=clock.now()))
