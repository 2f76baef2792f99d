"""Domains that take no mail any more: their addresses stop being a way in, and a new owner of the name gets nothing (R5, I8)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from portal.accounts import emails, policies
from portal.accounts.actions.addresses import let_go
from portal.accounts.models import HOLDING, DomainCheck, EmailAddress
from portal.core import audit, clock
from portal.core.db import add, db, scalars
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.core.access import Viewer

APART = timedelta(hours=23)  # one no a day counts
ENOUGH = 3


def note_domain(domain: str, takes_mail: bool | None, *, by: Viewer) -> None:
    """Note what the name servers said today; three clear noes on three days end the addresses there.

    A yes forgets the noes, but brings no address back: whoever answers there now may be somebody else (I8).
    """
    require(policies.is_system(by), "This is told by name servers.")
    row, now = db.session.get(DomainCheck, domain, with_for_update=True), clock.now()
    if takes_mail is None:
        return
    if takes_mail:
        _recovered(row)
        return
    row = row or add(DomainCheck(domain=domain))
    if row.refused_at is None or now - row.refused_at >= APART:
        row.refusals, row.refused_at = row.refusals + 1, now
    row.checked_at = now
    if row.refusals >= ENOUGH:
        row.given_up_at = row.given_up_at or now
        _give_up(domain, by)


def _recovered(row: DomainCheck | None) -> None:
    if row is not None and row.given_up_at is None:
        db.session.execute(delete(DomainCheck).where(DomainCheck.domain == row.domain))
    elif row is not None:
        row.refusals, row.refused_at, row.checked_at = 0, None, clock.now()


def _give_up(domain: str, by: Viewer) -> None:
    held = select(EmailAddress).where(EmailAddress.domain == domain, EmailAddress.state.in_(HOLDING))
    for address in scalars(held.order_by(EmailAddress.id)):
        address.bounced_at = clock.now()
        let_go(address, "dead", by=by)
        emails.address_bounced(address.person_id, address)
        audit.record("domain takes no mail", address, by=by, about=address.person_id, note=domain)
