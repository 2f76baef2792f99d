"""An account is erased by its person alone: hidden at once, gone after the days of grace, called off by signing in (P5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.accounts.actions import end_sessions
from portal.boards.forgetting import forget_words
from portal.core import audit, clock, jobs, outbox, parts, settings, suppression
from portal.core.access import system_viewer
from portal.core.db import add, db, upsert
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.core.tokens import new_public_id
from portal.people.actions import step_back
from portal.people.models import Person
from portal.people.queries import admins_beside, lock_person, person_by_id
from portal.people.signals import person_changed
from portal.rights import emails, policies, queries
from portal.rights.models import ErasedPerson, Erasure
from portal.rights.tidying import tidy_indexes

if TYPE_CHECKING:
    from portal.core.access import Viewer

ONLY_YOU = "Only the person can have their account erased."
LAST_ADMIN = "You are the last admin here. Give somebody else the role first; then you can go."
FORMER = "Former member"
REMINDED = timedelta(days=3)
WHY = "The account was erased."


def ask_for_erasure(person: Person, *, posts: str = "keep", by: Viewer) -> Erasure:
    """Hide the person now, sign every device out, and begin the days of grace."""
    require(policies.is_own(by, person.id), ONLY_YOU)
    require(policies.may_part(by), policies.calm(by))
    lock_person(person.id)
    if by.has_role("admin") and not admins_beside(person.id):
        raise Invalid(LAST_ADMIN)
    waiting = queries.open_erasure(person.id)
    if waiting is not None:
        return waiting
    grace = timedelta(days=settings.get("erasure_days"))
    row = add(Erasure(person_id=person.id, posts=posts, due_at=clock.now() + grace))
    step_back(person, by=by)  # after the row: what this stops was stopped since
    emails.erasure_asked(row)
    end_sessions(person.id, by=by)
    audit.record("ask for erasure", person, by=by)
    return row


def call_off(person_id: int, *, by: Viewer) -> Erasure | None:
    """The person is back: nothing is erased. The erasure that was to be, if there was one."""
    require(by.system or policies.is_own(by, person_id), ONLY_YOU)
    row = queries.open_erasure(person_id)
    if row is not None:
        row.called_off_at = clock.now()
        db.session.flush()
        emails.erasure_called_off(person_id, stopped=queries.has_stopped(row))
        audit.record("call off erasure", ("person", person_id), by=by)
    return row


def remind(erasure_id: int, *, by: Viewer) -> None:
    """A last word before the day, for whoever did not mean it or did not do it."""
    require(by.system, "This is done by the system, daily.")
    row = db.session.get(Erasure, erasure_id, with_for_update=True)
    if row is not None and row.reminded_at is None and row.called_off_at is None:
        row.reminded_at = clock.now()
        emails.erasure_soon(row)


def carry_out(erasure_id: int, *, by: Viewer) -> None:
    """The day has come, and nobody signed in: everything of the person goes, in one transaction."""
    require(by.system, "This is done by the system, when the days of grace are over.")
    row = db.session.get(Erasure, erasure_id, with_for_update=True)
    if row is None or row.done_at is not None or row.called_off_at is not None or row.due_at > clock.now():
        return
    row.done_at = clock.now()
    erase_person(row.person_id, posts=row.posts, by=by)


def erase_person(person_id: int, *, posts: str = "keep", by: Viewer) -> None:
    """Everything of a person goes from every table, the index, the queue and the store; the empty row stays."""
    require(by.system, "This follows from the person's own wish.")
    lock_person(person_id)
    for double in queries.doubles_of(person_id):
        erase_person(double, posts=posts, by=by)
    person = person_by_id(person_id)
    words, digest = queries.words_of(person), queries.digest_of(person.public_id)
    for address in queries.proved_addresses(person_id):
        suppression.suppress(address, why=WHY, by=system_viewer())
    if posts == "take":
        forget_words(person_id)
    for part in parts.every("person_data"):
        part.erase(person_id)
    outbox.forget_person(person_id)
    outbox.forget_words(words)
    jobs.forget_words([word for word in words if word != person.full_name])
    audit.forget_person(person_id)
    _empty_row(person_id)
    known = {"digest": digest, "posts": posts, "at": clock.now()}
    db.session.execute(upsert(ErasedPerson.__table__, known, keys=["digest"]))
    person_changed.send(None, person_id=person_id)
    jobs.enqueue(tidy_indexes, unique="rights.tidy_indexes")


def _empty_row(person_id: int) -> None:
    """For numbers that others still count on: who it was can't be told from it."""
    blank = {
        "public_id": new_public_id(), "full_name": FORMER, "call_name": FORMER, "sort_name": "", "photo": None,
        "listed": False, "stepped_back_at": clock.now(), "suspended_until": None, "remembered_at": None,
        "timezone": "UTC", "theme": "auto", "shortcuts": True, "merged_into_id": None, "erased_at": clock.now(),
        "access_version": Person.access_version + 1,
    }  # fmt: skip
    db.session.execute(update(Person).where(Person.id == person_id).values(**blank))
    db.session.expire_all()


def erase_again(*, by: Viewer) -> int:
    """After a restore: whoever was erased since the backup is erased once more; how many."""
    require(by.system, "This is done by the system.")
    found = queries.erased_again()
    for person_id, posts in found:
        erase_person(person_id, posts=posts, by=by)
    return len(found)
