"""The firms that somebody worked with from a position, so that people of both sides find each other again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.careers import policies, queries
from portal.careers.endings import changed, check_order
from portal.careers.models import Assignment
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.organisations.actions import find_or_create
from portal.people.queries import lock_person

if TYPE_CHECKING:
    from portal.careers.models import Position
    from portal.core.access import Viewer
    from portal.core.partial_dates import PartialDate

NOT_YOURS = "You can only change your own career."
MOST = 30


def add_assignment(
    position: Position, organisation: str, *, what: str = "", start: PartialDate | None = None,
    end: PartialDate | None = None, by: Viewer,
) -> Assignment:  # fmt: skip
    """Say which firm one worked with from a position, and when; without dates, as long as the position lasted."""
    require(policies.can_edit_career(by, position.person_id), NOT_YOURS)
    check_order(start, end)
    _check_within(position, start, end)
    lock_person(position.person_id)
    if len(queries.assignments_of([position.id])) >= MOST:
        raise Invalid(f"That is a lot: at most {MOST} firms for one entry.", "organisation")
    firm = find_or_create(organisation, by=by)
    if firm.id == position.organisation_id:
        raise Invalid("That is the firm of the entry itself. Name one that you worked with from there.", "organisation")
    assignment = Assignment(
        person_id=position.person_id, position_id=position.id, organisation_id=firm.id, what=what,
        organisation=firm, position=position,
    )  # fmt: skip
    assignment.set_dates(start, end)
    add(assignment)
    changed(position.person_id, by)
    return assignment


def remove_assignment(assignment: Assignment, *, by: Viewer) -> None:
    """Take it out of one's career."""
    require(policies.can_edit_career(by, assignment.person_id), NOT_YOURS)
    person_id = assignment.person_id
    db.session.delete(assignment)
    db.session.flush()
    changed(person_id, by)


def _check_within(position: Position, start: PartialDate | None, end: PartialDate | None) -> None:
    """It lies within the position."""
    if start and position.ends_on and start.first > position.ends_on:
        raise Invalid("You had left by then. Check the dates, or put it under another entry.", "start")
    if end and position.starts_on and end.last < position.starts_on:
        raise Invalid("You had not begun by then. Check the dates, or put it under another entry.", "end")
