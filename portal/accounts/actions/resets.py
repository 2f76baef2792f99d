"""A new password for whoever forgot the old one; through a work address it waits, and can be stopped (I6, R10)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.accounts import emails, mailing, policies, queries, tickets
from portal.accounts.actions.credentials import set_password
from portal.accounts.models import WaitingReset
from portal.core import audit, clock, settings
from portal.core.access import system_viewer
from portal.core.db import add, db, scalars
from portal.core.errors import Gone
from portal.core.jobs import enqueue
from portal.core.policy import require

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import EmailAddress, LoginToken
    from portal.core.access import Viewer

AT_THE_DOOR = "Only a person asks for this."


def ask_for_reset(norm: str, *, by: Viewer) -> None:
    """Mail a link to a new password, if the address may recover an account; whoever asks sees no difference (I12)."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    enqueue(mailing.mail_reset_link, norm)


def reset_password(ticket: LoginToken, password_hash: str, *, by: Viewer) -> datetime | None:
    """Take the new password: at once, or when it has waited; None means at once. No session opens by it (R10)."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    tickets.take(ticket)
    address = queries.address_by_id(tickets.address_of(ticket))
    if queries.is_work(address):
        return _wait(address, password_hash)
    set_password(ticket.person_id, password_hash, but=None, by=system_viewer())
    return None


def stop_reset(ticket: LoginToken, *, by: Viewer) -> None:
    """Stop a password that waits."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    waiting = queries.waiting_reset(ticket.person_id)
    if waiting is None:
        raise Gone("There is nothing left to stop.")
    tickets.take(ticket)
    waiting.ended_at = clock.now()
    tickets.kill(ticket.person_id, "reset stopped")
    emails.reset_stopped(ticket.person_id)
    audit.record("stop reset", ("person", ticket.person_id), by=system_viewer())


def apply_waiting_resets(*, by: Viewer) -> int:
    """Passwords that have waited long enough come into force, if their address could still recover the account."""
    require(policies.is_system(by), "This is done by the system.")
    due = select(WaitingReset).where(WaitingReset.ended_at.is_(None), WaitingReset.effective_at <= clock.now())
    found = scalars(due.order_by(WaitingReset.id).limit(100))
    for waiting in found:
        waiting.ended_at = clock.now()
        db.session.flush()
        if queries.address_by_id(waiting.address_id).is_live:
            set_password(waiting.person_id, waiting.password_hash, but=None, by=by)
    return len(found)


def _wait(address: EmailAddress, password_hash: str) -> datetime:
    """Keep it for later, and tell every personal address, each with a link of its own that stops it."""
    person_id, now = address.person_id, clock.now()
    effective = now + timedelta(hours=settings.get("reset_wait_hours"))
    older = update(WaitingReset).where(WaitingReset.person_id == person_id, WaitingReset.ended_at.is_(None))
    db.session.execute(older.values(ended_at=now))
    add(WaitingReset(
        person_id=person_id, address_id=address.id, password_hash=password_hash, effective_at=effective
    ))  # fmt: skip
    for row in queries.live_addresses(person_id):
        if not queries.is_work(row):
            secret, ends = tickets.issue("stop_reset", person_id, row.id)
            emails.reset_waits(row, secret, ends, effective)
    audit.record("reset waits", ("person", person_id), by=system_viewer())
    return effective
