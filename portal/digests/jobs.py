"""The letters go out by the clock, some members at a time; a letter is asked about again when it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal.core import clock, settings
from portal.core.access import system_viewer, viewer_of
from portal.core.jobs import LATER, enqueue, job, periodic
from portal.core.outbox import still_wanted
from portal.digests import actions, queries
from portal.digests.calendar import due_zones
from portal.digests.composing import unreadable

if TYPE_CHECKING:
    from portal.core.outbox import OutboxMail

BATCH = 5  # letters in one transaction: others want to write too


@periodic("digests.write_letters", every=timedelta(minutes=15), priority=LATER)
def write_letters() -> Iterator[None]:
    """The letters of everybody whose hour has come; begun again after a crash, it goes on where rows are missing."""
    due = due_zones(clock.now(), settings.get("letter_weekday") - 1, settings.get("letter_hour"))
    for week, zones in due.items():
        last = 0
        while members := queries.due(zones, week, after=last, limit=BATCH):
            for person_id in members:
                actions.write_letter(person_id, week, by=system_viewer())
            last = members[-1]
            yield


@job("digests.write_anew")
def write_anew(person_id: int, week: str) -> None:
    """One letter again, without what was closed meanwhile."""
    actions.write_anew(person_id, date.fromisoformat(week), by=system_viewer())


@periodic("digests.forget_old", every=timedelta(days=1))
def forget_old() -> None:
    """Old letters are forgotten."""
    actions.forget_old(by=system_viewer())


@still_wanted(queries.KIND)
def is_still_wanted(row: OutboxMail) -> bool:
    """Still wanted, and every word of it still for this member; otherwise it is written anew (M1)."""
    week = date.fromisoformat(row.purpose.partition(":")[2])
    letter = queries.letter_of(row.person_id or 0, week)
    if letter is None or not queries.is_wanted(letter.person_id):
        return False
    if unreadable(viewer_of(letter.person_id), letter.pieces):
        enqueue(write_anew, letter.person_id, week.isoformat())
        return False
    return True
