"""The daily end of ties whose date has come (I5, I16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.careers.endings import announce_if_last
from portal.careers.models import Position, Relation
from portal.core.db import db
from portal.core.policy import require
from portal.people.actions import touch_access

if TYPE_CHECKING:
    from datetime import date

    from portal.core.access import Viewer

BATCH = 200


def announce_ended_ties(day: date, *, by: Viewer) -> int:
    """Announce some of what ended by its date and was not told yet; how many, 0 when all is told.

    What ended is found by its mark and not by yesterday's date: after days without a worker nothing is left out.
    """
    require(by.system, "This is done by the system.")
    ended = {
        (row.person_id, row.organisation_id)
        for table in (Position, Relation)
        for row in db.session.execute(
            select(table.person_id, table.organisation_id)
            .where(table.ends_on <= day, table.end_told.is_(False)).order_by(table.ends_on).limit(BATCH)
        )
    }  # fmt: skip
    for person_id, organisation_id in sorted(ended):
        touch_access(person_id)
        announce_if_last(person_id, organisation_id, by)
    return len(ended)
