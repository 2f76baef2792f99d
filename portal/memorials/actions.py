"""Remembering somebody: proposed with proof, confirmed by another, silent for ever, and undone if it was a mistake (I15, R19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts import tickets
from portal.accounts.actions import end_sessions
from portal.core import audit, clock, outbox
from portal.core.access import system_viewer
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.memorials import policies, queries
from portal.memorials.models import FamilyRequest, Memorial
from portal.people.actions import touch_access
from portal.people.queries import lock_person
from portal.people.signals import person_changed

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.people.models import Person

ONLY_STAFF = "Only staff and admins of the company can do this."
TWO = "Somebody else has to confirm it: what one alone says is not enough."


def propose(person: Person, proof: str, page: str, *, by: Viewer) -> Memorial:
    """Say with proof that somebody died; nothing changes before another one confirms it."""
    require(policies.can_propose(by, person.id), ONLY_STAFF)
    if len(proof) < 10:
        raise Invalid("Write how you know: who told you, and what you have seen.", "proof")
    lock_person(person.id)
    if queries.memorial_of(person.id) is not None:
        raise Conflict("Somebody has said so already. Look at the list.")
    row = add(Memorial(person_id=person.id, proof=proof, page=page, proposed_by_id=by.person_id))
    audit.record("propose memorial", row, by=by, about=person.id)
    return row


def confirm(row: Memorial, *, by: Viewer) -> None:
    """The second word: the account is locked, nothing is mailed, the page is kept or hidden as the family wishes."""
    require(policies.can_confirm(by, row), TWO)
    if row.confirmed_at is not None:
        return
    row.confirmed_at, row.confirmed_by_id = clock.now(), by.person_id
    person = row.person
    person.remembered_at = clock.now()
    person.listed = person.listed and row.page == "kept"
    end_sessions(person.id, by=system_viewer())
    tickets.kill(person.id, "freeze")
    outbox.cancel(person.id)
    _changed(person)
    audit.record("confirm memorial", row, by=by, about=person.id)


def end(row: Memorial, *, by: Viewer) -> None:
    """It was a mistake, or nobody confirms it: everything is as it was."""
    require(policies.can_propose(by, row.person_id), ONLY_STAFF)
    row.ended_at = clock.now()
    person = row.person
    if row.confirmed_at is not None:
        person.remembered_at = None
        person.listed = person.claimed_at is not None and person.stepped_back_at is None
        _changed(person)
    audit.record("end memorial", row, by=by, about=person.id)


def show_page(row: Memorial, page: str, *, by: Viewer) -> None:
    """The family's wish: the page is kept, or hidden."""
    require(policies.can_propose(by, row.person_id), ONLY_STAFF)
    person = row.person
    row.page = page
    if row.confirmed_at is not None:
        person.listed = page == "kept" and person.claimed_at is not None and person.stepped_back_at is None
        _changed(person)
    audit.record(f"memorial page {page}", row, by=by, about=person.id)


def ask_as_family(about: str, sender: str, address: str, words: str, *, by: Viewer) -> FamilyRequest:
    """A family writes to us, without an account; nothing is told of whether there is such a person (I12)."""
    require(not by.system, "A family asks.")
    return add(FamilyRequest(about=about, sender=sender, address=address, words=words))


def answer_family(row: FamilyRequest, *, by: Viewer) -> None:
    """Somebody has answered the family; what they wrote is not kept."""
    require(policies.can_tend(by), ONLY_STAFF)
    row.done_at, row.words, row.address, row.sender = clock.now(), "", "", ""
    audit.record("answer family", row, by=by)


def _changed(person: Person) -> None:
    db.session.flush()
    touch_access(person.id)
    person_changed.send(None, person_id=person.id)
