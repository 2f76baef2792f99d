"""Asking to join: the address is proved first, then somebody looks at it (I12, R17)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from portal.accounts import emails, mailing, policies, queries
from portal.accounts.actions.invitations import invite, new_invitation
from portal.accounts.models import Applicant
from portal.careers.actions import record_relation
from portal.careers.queries import relations_of
from portal.core import audit, clock
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.jobs import enqueue
from portal.core.partial_dates import PartialDate
from portal.core.policy import require
from portal.organisations.actions import find_or_create
from portal.organisations.queries import host
from portal.people.actions import create_person
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from portal.accounts.mailboxes import Mailbox
    from portal.core.access import Viewer
    from portal.people.models import Person

ONLY_ADMINS = "Only an admin decides who joins."
DECIDED = "Somebody has decided about this request already."
KEPT = timedelta(days=90)
UNVERIFIED_KEPT = timedelta(days=14)
TELLS = ("full_name", "kind", "organisation", "department", "start", "end", "proof")


def ask_to_join(box: Mailbox, *, by: Viewer) -> None:
    """Mail a link to go on; a member's address gets another letter, and whoever asks sees no difference (I12)."""
    require(policies.is_visitor(by), "Only a person asks to join.")
    enqueue(mailing.mail_join_link, box.address)


def submit_request(applicant: Applicant, told: dict[str, str], *, by: Viewer) -> None:
    """Take what the applicant tells; the address is proved by having come here."""
    require(policies.is_visitor(by), "Only a person asks to join.")
    if applicant.state != "unverified":
        raise Conflict("Your request has arrived already.")
    for name in TELLS:
        setattr(applicant, name, told.get(name, ""))
    applicant.state, applicant.verified_at, applicant.expires_at = "waiting", clock.now(), None
    db.session.flush()
    audit.record("ask to join", applicant, by=by)


def approve_applicant(applicant: Applicant, *, by: Viewer) -> Person:
    """Let somebody in: their record (found by exactly this address, never by name), relation and invitation."""
    require(policies.can_decide_applicants(by), ONLY_ADMINS)
    _decide(applicant, "approved", by)
    person = _record_of(applicant) or create_person(applicant.full_name, by=by)
    _record_relation(applicant, person, by)
    applicant.person_id = person.id
    invitation, secret = new_invitation(person, applicant.address, by=by)
    emails.approved(applicant, person, secret, invitation.expires_at)
    audit.record("approve applicant", applicant, by=by, about=person.id)
    return person


def decline_applicant(applicant: Applicant, reason: str, *, by: Viewer) -> None:
    """Say no, and why."""
    require(policies.can_decide_applicants(by), ONLY_ADMINS)
    if not reason.strip():
        raise Invalid("Say why: the reason is mailed to the person.", "reason")
    _decide(applicant, "declined", by)
    applicant.reason = reason.strip()
    db.session.flush()
    emails.declined(applicant)
    audit.record("decline applicant", applicant, by=by)


def invite_again(applicant: Applicant, *, by: Viewer) -> None:
    """The invitation of an approved request once more, to the address that asked."""
    require(policies.is_visitor(by), "Only a person asks for this.")
    if applicant.state != "approved" or applicant.person_id is None:
        raise Conflict("Your request has not been granted yet.")
    invite(person_by_id(applicant.person_id), applicant.address, by=system_viewer())


def forget_old_requests(*, by: Viewer) -> None:
    """What was never proved goes after two weeks; what was decided, three months later."""
    require(policies.is_system(by), "This is done by the system, daily.")
    now = clock.now()
    stale = (Applicant.state == "unverified") & (Applicant.created_at < now - UNVERIFIED_KEPT)
    over = Applicant.state.in_(("approved", "declined")) & (Applicant.decided_at < now - KEPT)
    db.session.execute(delete(Applicant).where(stale | over))


def _decide(applicant: Applicant, state: str, by: Viewer) -> None:
    """Of two admins one decides."""
    now = clock.now()
    mine = update(Applicant).where(Applicant.id == applicant.id, Applicant.state == "waiting")
    values = {"state": state, "decided_by_id": by.person_id, "decided_at": now, "expires_at": now + KEPT}
    decided = mine.values(**values).returning(Applicant.id)
    if db.session.execute(decided, execution_options={"synchronize_session": False}).first() is None:
        raise Conflict(DECIDED)
    db.session.refresh(applicant)


def _record_of(applicant: Applicant) -> Person | None:
    return queries.unclaimed_record(applicant.norm, applicant.norm.rpartition("@")[2])


def _record_relation(applicant: Applicant, person: Person, by: Viewer) -> None:
    """The bond that was asked for, unless the record has one with that firm."""
    firm = host() if applicant.kind == "employee" else find_or_create(applicant.organisation, by=by)
    if any(row.kind == applicant.kind and row.organisation_id == firm.id for row in relations_of(person.id)):
        return
    start, end = (PartialDate.parse(text) if text else None for text in (applicant.start, applicant.end))
    record_relation(
        person, applicant.kind, firm, start=start, end=end, department=applicant.department, verified_by="admin", by=by
    )  # fmt: skip
