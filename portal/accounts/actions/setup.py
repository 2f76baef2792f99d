"""The first admins, set up by whoever runs the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from portal.accounts import emails, mailboxes, policies, queries, tickets
from portal.accounts.actions.addresses import hold
from portal.accounts.actions.sessions import end_sessions
from portal.accounts.models import Credential, EmailAddress, Passkey, RecoveryCode
from portal.careers.actions import record_relation
from portal.careers.queries import open_ties
from portal.consents.actions import ensure_legal_texts
from portal.core import audit, clock, settings
from portal.core.access import viewer_of
from portal.core.db import add, db
from portal.core.errors import Invalid, Missing
from portal.core.policy import require
from portal.organisations.actions import create_host
from portal.organisations.queries import host
from portal.people.actions import claim_person, create_person, grant_role
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.people.models import Person


def create_admin(name: str, address: str, *, by: Viewer) -> str:
    """An admin, with all that there must be before: the host and the wordings; returns the secret of a sign-in link."""
    require(policies.is_system(by), "The first admin is made from the command line.")
    try:
        box = mailboxes.parse(address)
    except ValueError as error:
        raise Invalid(str(error), "address") from None
    person, row = _person(name, box, by=by)
    _employ(person, by=by)
    grant_role(person, "admin", by=by)
    ensure_legal_texts(by=by)
    audit.record("create admin", person, by=by)
    return tickets.issue("sign_in", person.id, row.id)[0]


def break_glass(address: str, because: str, *, by: Viewer) -> str:
    """For an admin who is locked out on the day no other is there: a link that signs in, told to all admins.

    The second step goes, because it is what was lost; whoever follows the link is asked for a new one at once.
    """
    require(policies.is_system(by), "This is done at the machine itself.")
    if not because.strip():
        raise Invalid("Say why: all admins read it, and the audit log keeps it.", "because")
    row = queries.row_named(mailboxes.looked_up(address))
    if row is None or not viewer_of(row.person_id).has_role("admin"):
        raise Invalid(
            "No admin has or had this address. Others are helped by two admins, in the back office.", "address"
        )
    for table in (Passkey, RecoveryCode):
        db.session.execute(delete(table).where(table.person_id == row.person_id))
    db.session.execute(delete(Credential).where(Credential.person_id == row.person_id, Credential.kind == "totp"))
    tickets.kill(row.person_id, "factor change")
    end_sessions(row.person_id, by=by)
    audit.record("break glass", ("person", row.person_id), by=by, note=because.strip())
    emails.way_in_changed(row.person_id, "second step dropped")
    emails.admins_told("break-glass", because.strip(), row.person_id)
    return tickets.issue("sign_in", row.person_id, row.id, data={"from_machine": True})[0]


def _person(name: str, box: mailboxes.Mailbox, *, by: Viewer) -> tuple[Person, EmailAddress]:
    """Whoever holds the address, else somebody new who does from now on."""
    held = queries.holder(box.norm)
    if held is not None:
        return person_by_id(held.person_id), held
    person = create_person(name, by=by)
    kind = queries.kind_of(box.domain) or "work"
    row = add(EmailAddress(person_id=person.id, address=box.address, norm=box.norm, domain=box.domain, kind=kind))
    hold(row, by=by)
    claim_person(person, by=by)
    return person, row


def _employ(person: Person, *, by: Viewer) -> None:
    """A role of the host's staff needs a current employment at the host (I16)."""
    try:
        firm = host()
    except Missing:
        firm = create_host(settings.get("host_name"), by=by)
    if not open_ties(person.id, firm.id, clock.today()):
        record_relation(person, "employee", firm, verified_by="admin", by=by)
