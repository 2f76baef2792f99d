"""Counting how many profiles a member reads on a day: enough for people, not for scrapers (P3)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from portal.core import clock, settings
from portal.core.audit import AuditRow
from portal.core.db import after_view, db, upsert
from portal.core.errors import TooMany
from portal.core.policy import require
from portal.directory import policies, queries
from portal.directory.models import ProfileReading

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from portal.core.access import Viewer

KEPT = timedelta(days=90)
TABLE = ProfileReading.__table__


def count_reading(person_id: int, *, by: Viewer) -> None:
    """Note that a member reads a profile; past the day's number the next one opens only after a pause."""
    require(policies.can_search(by), "Please sign in first.")
    if by.is_person(person_id):
        return
    me = by.person_id or 0
    if queries.is_canary(person_id):
        after_view(lambda connection: _write_down(connection, me, "opened a canary", f"profile {person_id}"))
    _slow_down(by)
    after_view(lambda connection: _count(connection, me))


def forget_old(*, by: Viewer) -> None:
    """Drop the counts of days gone by."""
    require(by.system, "This is done by the system, daily.")
    db.session.execute(delete(ProfileReading).where(ProfileReading.day < clock.today() - KEPT))


def _slow_down(by: Viewer) -> None:
    today = queries.reading_of(by.person_id or 0, clock.today())
    if today is None or today.profiles < settings.get("directory_daily_profiles"):
        return
    pause = timedelta(seconds=settings.get("directory_pause_seconds"))
    wait = (today.last_at + pause - clock.now()).total_seconds()
    if wait > 0:
        raise TooMany(
            f"You have read many profiles today. The next one opens in {int(wait) + 1} seconds.", int(wait) + 1
        )


def _count(connection: Connection, person_id: int) -> None:
    now = clock.now()
    first = {"person_id": person_id, "day": now.date(), "profiles": 1, "last_at": now}
    more = {"profiles": TABLE.c.profiles + 1, "last_at": now}
    counted = upsert(TABLE, first, keys=["person_id", "day"], update=more).returning(TABLE.c.profiles)
    if connection.execute(counted).scalar_one() == settings.get("directory_alert_profiles"):
        note = f"{settings.get('directory_alert_profiles')} on {now:%d %B %Y}"
        _write_down(connection, person_id, "read many profiles", note)


def _write_down(connection: Connection, person_id: int, verb: str, note: str) -> None:
    connection.execute(insert(AuditRow).values(
        actor_id=person_id, subject_id=person_id, verb=verb, kind="person", thing_id=str(person_id), note=note
    ))  # fmt: skip
