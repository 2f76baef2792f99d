"""Announcing an exit: the day is kept, and the letter goes where it is still read after that day (I4, I5, R20)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from portal.accounts.actions import invite, withdraw_invitation
from portal.careers.actions import end_relation, go_on_with_relation, record_relation
from portal.core import audit, clock
from portal.core.access import system_viewer
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid
from portal.core.partial_dates import PartialDate
from portal.core.policy import require
from portal.leavers import policies, queries
from portal.leavers.models import Leaver
from portal.organisations.queries import host
from portal.people.actions import create_person

if TYPE_CHECKING:
    from datetime import date, datetime

    from portal.accounts.mailboxes import Mailbox
    from portal.core.access import Viewer
    from portal.people.models import Person

ONLY_STAFF = "Only staff and admins announce that somebody leaves."
EARLIEST, FURTHEST = timedelta(days=60), timedelta(days=400)


class Announced(NamedTuple):
    """An exit: whose, on which day, and which day had been announced before, if one had."""

    name: str
    ends_on: date
    earlier: date | None


def announce(
    full_name: str, ends_on: date, *, work: Mailbox | None = None, own: Mailbox | None = None, title: str = "",
    department: str = "", by: Viewer,
) -> Announced:  # fmt: skip
    """Keep the last day, and invite whoever has no account yet; a member is asked in their account, and nowhere else."""
    require(policies.can_announce(by), ONLY_STAFF)
    _check_addresses(work, own)
    _check_day(ends_on)
    person = _person(full_name, work, own)
    row = queries.leaver_of(person.id)
    earlier = row.ends_on if row else None
    if row is None or not _is_known(row, ends_on, work, own):
        _end(person, row, ends_on, title, department)
        note_exit(person, ends_on, work=work, own=own, by=by)
    return Announced(person.full_name, ends_on, earlier)


def change_day(row: Leaver, ends_on: date, *, by: Viewer) -> None:
    """The last day is another one; letters follow the new day, and none goes out for the change."""
    require(policies.can_announce(by), ONLY_STAFF)
    _check_day(ends_on)
    _end(row.person, row, ends_on)
    before, row.ends_on = row.ends_on, ends_on
    audit.record("change last day", ("person", row.person_id), by=by, about=row.person_id,
                 before={"ends_on": before.isoformat()}, after={"ends_on": ends_on.isoformat()})  # fmt: skip


def call_off(row: Leaver, *, by: Viewer) -> None:
    """Somebody stays after all: the work goes on, and a letter that nobody has answered opens nothing."""
    require(policies.can_announce(by), ONLY_STAFF)
    relation = queries.announced_employment(row)
    if relation is not None:
        go_on_with_relation(relation, by=system_viewer())
    if row.person.claimed_at is None:
        withdraw_invitation(row.person, by=system_viewer())
    audit.record("call off leaver", ("person", row.person_id), by=by, about=row.person_id,
                 before={"ends_on": row.ends_on.isoformat()})  # fmt: skip
    db.session.delete(row)
    db.session.flush()


def note_exit(
    person: Person, ends_on: date, *, work: Mailbox | None = None, own: Mailbox | None = None, by: Viewer
) -> Leaver:
    """From whatever door the last day was told: the row by which the letters go, and the first one now."""
    require(policies.can_announce(by), ONLY_STAFF)
    row = queries.leaver_of(person.id) or add(
        Leaver(person_id=person.id, ends_on=ends_on, announced_by_id=by.person_id)
    )
    row.ends_on = ends_on
    row.work_address = work.address if work else row.work_address
    # To a member's account an address is only ever added by the member (R15, R20).
    row.own_address = (
        own.address if own and person.claimed_at is None else row.own_address if person.claimed_at is None else ""
    )
    db.session.flush()
    audit.record(
        "announce leaver", ("person", person.id), by=by, about=person.id, after={"ends_on": ends_on.isoformat()}
    )
    if person.claimed_at is None:
        _write(row, person, by)
    return row


def take_back(people: list[int], since: datetime, *, by: Viewer) -> None:
    """What an import announced is announced no more, and its letters open nothing; whoever came stays."""
    require(policies.can_announce(by), ONLY_STAFF)
    for row in queries.announced(people, since):
        withdraw_invitation(row.person, by=system_viewer())
        db.session.delete(row)
    db.session.flush()


def write_again(row: Leaver, *, by: Viewer) -> bool:
    """A fresh letter to whoever has not come yet; the earlier one is worthless from then on (R21)."""
    require(by.system, "This is done by the system, daily.")
    return _write(row, row.person, by)


def _write(row: Leaver, person: Person, by: Viewer) -> bool:
    """To their own address if HR knows one; to the one at work until its day (R4)."""
    over = row.ends_on <= clock.today()
    to = row.own_address or ("" if over else row.work_address)
    row.last_at = clock.now()
    if not to:
        return False
    try:
        invite(person, to, by=by if by.system else system_viewer())
    except (Conflict, Invalid):  # they asked not to be written to, or the address is a member's: nothing more to do
        return False
    row.letters += 1
    return True


def _person(full_name: str, work: Mailbox | None, own: Mailbox | None) -> Person:
    """The record that has exactly this address, else a new one; a name finds nobody (R17)."""
    for box in (work, own):
        found = queries.person_at(box.norm) if box else None
        if found is not None:
            return found
    return create_person(full_name, by=system_viewer())


def _is_known(row: Leaver, ends_on: date, work: Mailbox | None, own: Mailbox | None) -> bool:
    """Whether nothing is new: no reason for another letter."""
    known = {"", row.work_address, row.own_address}
    return row.ends_on == ends_on and {box.address for box in (work, own) if box} <= known


def _end(person: Person, row: Leaver | None, ends_on: date, title: str = "", department: str = "") -> None:
    """The host's own record ends on that day: a fact that the host owns, told to the person by what follows (I11)."""
    day, system = PartialDate.of(ends_on), system_viewer()
    relation = (row and queries.announced_employment(row)) or queries.open_employment(person.id)
    if relation is None:
        record_relation(
            person, "employee", host(), end=day, title=title, department=department, verified_by="admin", by=system
        )
    else:
        end_relation(relation, day, by=system)


def _check_addresses(work: Mailbox | None, own: Mailbox | None) -> None:
    if work is None and own is None:
        raise Invalid("Give an address: the one at work, or better one of their own.", "work")


def _check_day(ends_on: date) -> None:
    if not clock.today() - EARLIEST <= ends_on <= clock.today() + FURTHEST:
        raise Invalid("Choose a day between two months ago and a year from now.", "ends_on")
