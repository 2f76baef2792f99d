"""An address that was given to somebody else: both are told by their other addresses, and a person decides (I7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.accounts import emails, policies, queries
from portal.accounts.models import AddressDispute
from portal.core import audit, clock
from portal.core.access import system_viewer
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.accounts.models import EmailAddress
    from portal.core.access import Viewer

ONLY_ADMINS = "Only an admin who has nothing to do with it decides this."
DECIDED = "Somebody has decided this already."


def open_dispute(claim: EmailAddress, held: EmailAddress, *, by: Viewer) -> AddressDispute:
    """Somebody has just proved an address that another account holds; neither learns whose the other account is."""
    require(policies.is_owner(by, claim.person_id), "You can only prove your own addresses.")
    row = queries.open_dispute_about(claim.id)
    if row is None:
        row = add(AddressDispute(
            address_id=held.id, claim_id=claim.id, holder_id=held.person_id, claimant_id=claim.person_id
        ))  # fmt: skip
        emails.address_disputed(held, holds=True)
        emails.address_disputed(claim, holds=False)
        audit.record("address disputed", row, by=by, about=held.person_id, after={"address": held.address})
    return row


def yield_address(dispute: AddressDispute, *, by: Viewer) -> None:
    """Whoever holds it says that they don't read it any more."""
    require(policies.is_owner(by, dispute.holder_id), "Only whoever holds the address can let it go.")
    _give(dispute, "Its holder let it go.", by)


def decide_dispute(dispute: AddressDispute, *, give: bool, reason: str, by: Viewer) -> None:
    """An admin decides who has the address; the old account loses only that address, whatever is decided."""
    parties = (dispute.holder_id, dispute.claimant_id)
    require(all(policies.can_help_back(by, each) for each in parties), ONLY_ADMINS)
    if not reason.strip():
        raise Invalid("Say how you know.", "reason")
    from portal.accounts.actions.addresses import let_go

    if give:
        return _give(dispute, reason.strip(), by)
    claim = queries.address_by_id(dispute.claim_id)
    _settle(dispute, "kept", reason.strip(), by)
    let_go(claim, "removed", by=system_viewer())
    emails.dispute_decided(claim, gained=False)
    return None


def _give(dispute: AddressDispute, reason: str, by: Viewer) -> None:
    from portal.accounts.actions.addresses import hold, let_go

    system = system_viewer()
    held, claim = queries.address_by_id(dispute.address_id), queries.address_by_id(dispute.claim_id)
    _settle(dispute, "given", reason, by)
    let_go(held, "removed", by=system)
    db.session.flush()
    hold(claim, by=system)
    emails.dispute_decided(held, gained=False)
    emails.dispute_decided(claim, gained=True)


def _settle(dispute: AddressDispute, state: str, reason: str, by: Viewer) -> None:
    """Of two who decide at once one gets through."""
    mine = update(AddressDispute).where(AddressDispute.id == dispute.id, AddressDispute.state == "open")
    values = {"state": state, "reason": reason, "decided_by_id": by.person_id, "decided_at": clock.now()}
    if db.session.execute(mine.values(**values).returning(AddressDispute.id)).first() is None:
        raise Conflict(DECIDED)
    audit.record(f"dispute {state}", dispute, by=by, about=dispute.holder_id, note=reason)
