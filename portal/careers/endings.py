"""What hangs on a tie to a firm: asked before it ends by the person's own hand, told when the last one has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from portal.careers import queries
from portal.careers.models import Position, Relation
from portal.careers.signals import career_changed, last_tie_ended
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Invalid
from portal.people.actions import touch_access

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.partial_dates import PartialDate


# Put together once: this is asked at every change of a career.
_OVER = [
    update(table)
    .where(
        table.person_id == bindparam("whose"),
        table.organisation_id == bindparam("where"),
        table.ends_on <= bindparam("today", type_=table.ends_on.type),
    )
    .values(end_told=True)
    for table in (Position, Relation)
]


def announce_if_last(person_id: int, organisation_id: int, by: Viewer) -> None:
    """Tell that nothing ties the person to the organisation any more, if that is so today."""
    today = clock.today()
    for over in _OVER:
        db.session.execute(
            over,
            {"whose": person_id, "where": organisation_id, "today": today},
            execution_options={"synchronize_session": False},
        )
    if not queries.open_ties(person_id, organisation_id, today):
        last_tie_ended.send(None, person_id=person_id, organisation_id=organisation_id, by=by)


def check_free_to_go(position: Position, by: Viewer) -> None:
    """Nobody locks themselves out by ending their own entry: another way in comes first (I5)."""
    blockers = queries.blockers_of(position) if by.is_person(position.person_id) and not position.is_over else []
    if blockers:
        raise Invalid(blockers[0], "left")


def changed(person_id: int, by: Viewer) -> None:
    """A career changed: what the person may see may have too."""
    touch_access(person_id)
    career_changed.send(None, person_id=person_id, by=by)


def check_order(start: PartialDate | None, end: PartialDate | None) -> None:
    """The end can't lie before the beginning."""
    if start and end and end.last < start.first:
        raise Invalid("The end lies before the beginning.", "end")
