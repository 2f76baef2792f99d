"""What mail servers say about an address decides what it may still do (R7); its person hears of it (I14)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.accounts import emails, policies, queries
from portal.accounts.actions.addresses import let_go
from portal.accounts.models import EmailAddress, Invitation
from portal.core import audit, clock, suppression
from portal.core.db import db
from portal.core.policy import require

if TYPE_CHECKING:
    from datetime import datetime

    from portal.core.access import Viewer

SOFT_ONES, SOFT_DAYS = 3, timedelta(days=14)


def note_bounce(
    norm: str, *, hard: bool = True, person_id: int | None = None, sent_at: datetime | None = None, by: Viewer
) -> None:
    """A mail to an address came back: for good once suspends it, twice it is dead; three times for now it is stale (R7).

    What was sent before the address was last proved, or before it was suspended, says nothing new about it; and what
    was sent to somebody who had the address earlier says nothing about who has it now (I7).
    """
    require(policies.is_system(by), "This is told by mail servers.")
    found = select(EmailAddress).where(EmailAddress.live_norm == norm)
    address, sent = db.session.execute(found).scalar_one_or_none(), sent_at or clock.now()
    if address is None:
        _note_unproved(norm, hard)
    elif person_id in (None, address.person_id) and sent >= max(
        filter(None, (address.proved_at, address.bounced_at)), default=sent
    ):
        _weaken(address, hard, by)


def _weaken(address: EmailAddress, hard: bool, by: Viewer) -> None:
    if hard:
        address.bounced_at = clock.now()
        let_go(address, "dead" if address.state == "suspended" else "suspended", by=by)
    elif address.state == "live" and queries.soft_bounces(address, clock.now() - SOFT_DAYS) >= SOFT_ONES:
        address.state = "stale"
        audit.record("address stale", address, by=by, about=address.person_id, before={"address": address.address})
    else:
        return
    emails.address_bounced(address.person_id, address)


def _note_unproved(norm: str, hard: bool) -> None:
    """An address that nobody has proved: no invitation goes there any more."""
    if hard:
        now, quietly = clock.now(), {"synchronize_session": False}
        claims = update(EmailAddress).where(EmailAddress.norm == norm, EmailAddress.state == "unverified")
        db.session.execute(claims.values(bounced_at=now), execution_options=quietly)
        letters = update(Invitation).where(Invitation.norm == norm, Invitation.claimed_at.is_(None))
        db.session.execute(letters.values(bounced_at=now), execution_options=quietly)


def write_again(address: EmailAddress, *, by: Viewer) -> None:
    """The person takes back that nothing be written to an address of theirs; nobody else can (R26)."""
    require(policies.is_owner(by, address.person_id) and address.is_live, "Only whoever owns the address can do this.")
    suppression.lift(address.address, by=by)
