"""Addresses: added, proved, made primary, taken away, and taken back (I3, R2, R11)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts import emails, policies, queries, tickets
from portal.accounts.actions.disputes import open_dispute
from portal.accounts.actions.sessions import end_sessions, end_sessions_through
from portal.accounts.models import (
    AddressDispute,
    Credential,
    EmailAddress,
    Passkey,
    ProviderSignIn,
    RecoveryCode,
    WaitingReset,
)
from portal.core import audit, clock
from portal.core.access import system_viewer
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.people.actions import touch_access

if TYPE_CHECKING:
    from portal.accounts.mailboxes import Mailbox
    from portal.accounts.models import LoginToken
    from portal.core.access import Viewer

NOT_YOURS = "You can only change your own addresses."
NOT_POSSIBLE = "This address can’t be confirmed for your account. If it is yours, write to those who run the portal."
WORK_OVER = "Your work there has ended, and its addresses with it. Add one that is your own."
LAST_WAY_IN = "This is your last way in. Add another address, or set a password, before you take it away."
SUSPECT = timedelta(days=7)


def add_address(person_id: int, box: Mailbox, kind: str, *, by: Viewer) -> EmailAddress:
    """Note an address as the person's claim and mail it a link; it counts for nothing until that is opened (R2)."""
    require(policies.is_owner(by, person_id), NOT_YOURS)
    _check_not_over(person_id, box.domain)
    row = queries.own_by_norm(person_id, box.norm)
    if row is not None and row.is_live:
        raise Invalid("This address is confirmed already.", "address")
    if row is None:
        row = add(EmailAddress(person_id=person_id, address=box.address, norm=box.norm, domain=box.domain))
    row.address, row.kind = box.address, queries.kind_of(box.domain) or kind
    db.session.flush()
    ask_to_verify(row, by=by)
    return row


def ask_to_verify(address: EmailAddress, *, by: Viewer) -> None:
    """Mail the link that proves an address, whoever else may hold it: an unproved claim tells nobody anything (R2)."""
    require(policies.is_owner(by, address.person_id), NOT_YOURS)
    _check_not_over(address.person_id, address.domain)
    secret, ends = tickets.issue("verify", address.person_id, address.id)
    emails.verify_link(address, secret, ends)


def verify_address(ticket: LoginToken, *, by: Viewer) -> EmailAddress:
    """The mail was read: the address is the person's, unless another account holds it: then a person decides (I3, I7)."""
    require(policies.is_owner(by, ticket.person_id), NOT_YOURS)
    tickets.take(ticket)
    address = queries.address_by_id(tickets.address_of(ticket))
    held = queries.holder(address.norm)
    if held is not None and held.person_id != address.person_id:
        open_dispute(address, held, by=by)
        return address
    hold(address, by=by)
    emails.address_added(address.person_id, address)
    return address


def hold(address: EmailAddress, *, by: Viewer) -> None:
    """Make an address live for its person; of many who prove it at once one gets it (I3)."""
    require(by.system or policies.is_owner(by, address.person_id), NOT_YOURS)
    _check_not_over(address.person_id, address.domain)
    now = clock.now()
    proved = update(EmailAddress).where(EmailAddress.id == address.id)
    values = {"state": "live", "live_norm": address.norm, "verified_at": now, "proved_at": now,
              "retired_at": None, "removed_at": None, "bounced_at": None}  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.execute(proved.values(**values), execution_options={"synchronize_session": False})
    except IntegrityError:
        raise Conflict(NOT_POSSIBLE) from None
    db.session.refresh(address)
    touch_access(address.person_id)  # a mailbox that had refused mail takes it again
    _ensure_primary(address.person_id)
    audit.record("confirm address", address, by=by, about=address.person_id, after={"address": address.address})


def make_primary(address: EmailAddress, *, by: Viewer) -> None:
    """Mail goes here from now on."""
    require(policies.is_owner(by, address.person_id), NOT_YOURS)
    if not address.is_live:
        raise Invalid("Only a confirmed address can be the one we write to.")
    _set_primary(address)
    audit.record("make primary", address, by=by, about=address.person_id)


def remove_address(address: EmailAddress, *, by: Viewer) -> None:
    """Take an address away: what was opened through it ends, and what was mailed to it is worthless (I14, R8)."""
    require(policies.is_owner(by, address.person_id), NOT_YOURS)
    others = [row for row in queries.live_addresses(address.person_id) if row.id != address.id]
    if not policies.can_go(address, others_live=len(others), keys=queries.keys_of(address.person_id)):
        raise Invalid(LAST_WAY_IN)
    held = address.state in ("live", "stale")
    undoable = held and address.is_personal and not queries.is_work(address) and _has_a_say(address, others)
    let_go(address, "removed", by=by)
    undo = tickets.issue("undo_removal", address.person_id, address.id) if undoable else None
    if held:
        emails.address_removed(address.person_id, address, *(undo or (None, None)))


def let_go(address: EmailAddress, state: str, *, by: Viewer) -> None:
    """An address stops being a way in, for whatever reason: `removed`, `retired`, `suspended` or `dead`."""
    require(by.system or by.has_role("admin") or policies.is_owner(by, address.person_id), NOT_YOURS)
    now = clock.now()
    address.state, address.is_primary = state, False
    if state != "suspended":
        address.live_norm = None
    address.removed_at = now if state == "removed" else address.removed_at
    address.retired_at = now if state == "retired" else address.retired_at
    touch_access(address.person_id)
    tickets.kill_of_address(address.id)
    if state != "suspended":
        end_sessions_through(address, by=by)
    waiting = update(WaitingReset).where(WaitingReset.address_id == address.id, WaitingReset.ended_at.is_(None))
    db.session.execute(waiting.values(ended_at=now))
    if state != "suspended":
        about_it = (AddressDispute.address_id == address.id) | (AddressDispute.claim_id == address.id)
        open_ = update(AddressDispute).where(about_it, AddressDispute.state == "open")
        db.session.execute(open_.values(state="over", decided_at=now))
    _ensure_primary(address.person_id)
    audit.record(f"address {state}", address, by=by, about=address.person_id, before={"address": address.address})


def undo_removal(ticket: LoginToken, *, by: Viewer) -> None:
    """A personal address says that it was not the owner who took it away (R11).

    It returns, every device is signed out, and what opened the account since shortly before the removal opens nothing.
    """
    require(policies.is_visitor(by), "Only the owner of the address can undo this.")
    tickets.take(ticket)
    address, system = queries.address_by_id(tickets.address_of(ticket)), system_viewer()
    since, proved = (address.removed_at or clock.now()) - SUSPECT, address.verified_at
    hold(address, by=system)
    address.verified_at = proved  # it is as old as it was
    _shut_out(address, since)
    tickets.kill(address.person_id, "freeze")
    end_sessions(address.person_id, by=system)
    emails.removal_undone(address.person_id, address)
    audit.record("undo removal", address, by=system, about=address.person_id)


def _shut_out(kept: EmailAddress, since: datetime) -> None:
    """What was added or changed since then is not trusted; addresses can be confirmed anew."""
    person_id = kept.person_id
    db.session.execute(delete(Credential).where(Credential.person_id == person_id, Credential.changed_at >= since))
    for table in (Passkey, ProviderSignIn, RecoveryCode):
        db.session.execute(delete(table).where(table.person_id == person_id, table.created_at >= since))
    later = select(EmailAddress).where(EmailAddress.person_id == person_id, EmailAddress.state.in_(("live", "stale")))
    for row in db.session.execute(later.where(EmailAddress.id != kept.id, EmailAddress.verified_at >= since)).scalars():
        let_go(row, "suspended", by=system_viewer())
    if not any(row.is_primary and _is_older(row, kept) for row in queries.live_addresses(person_id)):
        _set_primary(kept)


def _has_a_say(address: EmailAddress, others: list[EmailAddress]) -> bool:
    """Whether a removed address may undo it: else who slipped one in would return each time the owner takes it away."""
    settled = address.verified_at is not None and address.verified_at < clock.now() - SUSPECT
    return settled or not any(_is_older(row, address) for row in others)


def _is_older(row: EmailAddress, than: EmailAddress) -> bool:
    """An address of the person's own that was proved before the other."""
    ages = (row.verified_at, than.verified_at)
    return row.is_personal and ages[0] is not None and (ages[1] is None or ages[0] < ages[1])


def _check_not_over(person_id: int, domain: str) -> None:
    """An address of an employer whom the person has left is good for nothing any more (I5, R4)."""
    if queries.has_left(person_id, domain):
        raise Invalid(WORK_OVER, "address")


def _ensure_primary(person_id: int) -> None:
    """There is one primary among the live addresses, a personal one first."""
    live = queries.live_addresses(person_id)
    if live and not any(row.is_primary for row in live):
        _set_primary(live[0])


def _set_primary(address: EmailAddress) -> None:
    mine = update(EmailAddress).where(EmailAddress.person_id == address.person_id, EmailAddress.is_primary)
    db.session.execute(mine.values(is_primary=False))
    db.session.flush()
    address.is_primary = True
    db.session.flush()
