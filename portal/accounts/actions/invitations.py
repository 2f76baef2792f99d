"""Invitations: one address, one use, two weeks; claimed by whoever proves the address (R21, I11)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.accounts import emails, mailboxes, policies, queries
from portal.accounts.actions.addresses import hold
from portal.accounts.actions.invitees import settle_invitees
from portal.accounts.actions.sessions import open_session
from portal.accounts.models import EmailAddress, Invitation
from portal.accounts.signals import claimed
from portal.consents.actions import accept
from portal.core import audit, clock, settings, suppression, tokens
from portal.core.access import system_viewer
from portal.core.db import add, db
from portal.core.errors import Conflict, Gone, Invalid
from portal.core.outbox import ASKED_NOT_TO
from portal.core.policy import require
from portal.people.actions import claim_person, rename

if TYPE_CHECKING:
    from portal.accounts.devices import Device
    from portal.core.access import Viewer
    from portal.people.models import Person

HAS_ACCOUNT = "This person has taken the account already."
IS_MEMBERS = "This address belongs to a member already."
SIGN_IN_INSTEAD = "There is an account with this address already. Sign in with it instead."


def invite(person: Person, address: str, *, by: Viewer) -> Invitation:
    """Mail an invitation to take the account; an earlier one of this person is worthless from now on."""
    require(policies.can_invite(by), "Only admins and staff invite.")
    if suppression.is_suppressed(_read(address).address):
        raise Conflict(ASKED_NOT_TO)
    row, secret = new_invitation(person, address, by=by)
    emails.invitation(person, row, secret)
    return row


def new_invitation(person: Person, address: str, *, by: Viewer) -> tuple[Invitation, str]:
    """The invitation and its secret, for whoever writes the letter."""
    require(policies.can_invite(by), "Only admins and staff invite.")
    box = _read(address)
    if person.claimed_at is not None or person.is_system:
        raise Conflict(HAS_ACCOUNT)
    if queries.is_taken(box.norm):
        raise Conflict(IS_MEMBERS)
    _end_open(person.id)
    secret = tokens.new_secret()
    row = add(Invitation(
        person_id=person.id, address=box.address, norm=box.norm, token_hash=tokens.digest(secret),
        invited_by_id=by.person_id, expires_at=clock.now() + timedelta(days=settings.get("invitation_days")),
    ))  # fmt: skip
    audit.record("invite", row, by=by, about=person.id, after={"address": box.address})
    return row, secret


def withdraw_invitation(person: Person, *, by: Viewer) -> None:
    """Take back whatever invitation a person has not answered."""
    require(policies.can_invite(by), "Only admins and staff invite.")
    _end_open(person.id)
    settle_invitees(person.id, "left_out", by=by)
    audit.record("withdraw invitation", ("person", person.id), by=by)


def claim(
    invitation: Invitation, device: Device, *, full_name: str, call_name: str, kind: str, by: Viewer
) -> tuple[str, EmailAddress]:
    """Take the account: the invited address is proved by it, and no other (R21). Returns the session's token."""
    require(policies.is_visitor(by), "The system does not claim.")
    person, system = invitation.person, system_viewer()
    _take(invitation)
    address = _address(invitation, kind)
    if queries.is_taken(invitation.norm):
        raise Conflict(SIGN_IN_INSTEAD)
    hold(address, by=system)
    rename(person, full_name, call_name, by=system)
    claim_person(person, by=system)
    accept(person.id, how="claim", by=system)
    _end_open(person.id)
    secret = open_session(person.id, device, through="claim", address_id=address.id, by=by)
    emails.claimed(address)
    audit.record("claim", person, by=system)
    claimed.send(None, person_id=person.id, by=by)
    return secret, address


def _read(address: str) -> mailboxes.Mailbox:
    try:
        return mailboxes.parse(address)
    except ValueError as error:
        raise Invalid(str(error), "address") from None


def _take(invitation: Invitation) -> None:
    """Of many who hold the same invitation one gets through; a person is claimed once."""
    mine = update(Invitation).where(Invitation.id == invitation.id, Invitation.claimed_at.is_(None))
    open_ = mine.where(Invitation.ended_at.is_(None), Invitation.expires_at > clock.now())
    taken = open_.values(claimed_at=clock.now()).returning(Invitation.id)
    if db.session.execute(taken, execution_options={"synchronize_session": False}).first() is None:
        raise Gone(queries.USED_UP)
    db.session.refresh(invitation.person, with_for_update=True)
    if invitation.person.claimed_at is not None:
        raise Gone(queries.USED_UP)


def _address(invitation: Invitation, kind: str) -> EmailAddress:
    domain = invitation.norm.rpartition("@")[2]
    row = queries.own_by_norm(invitation.person_id, invitation.norm)
    row = row or add(EmailAddress(
        person_id=invitation.person_id, address=invitation.address, norm=invitation.norm, domain=domain
    ))  # fmt: skip
    row.kind = queries.kind_of(domain) or kind
    db.session.flush()
    return row


def _end_open(person_id: int) -> None:
    found = update(Invitation).where(Invitation.person_id == person_id, Invitation.claimed_at.is_(None))
    db.session.execute(found.where(Invitation.ended_at.is_(None)).values(ended_at=clock.now()))
