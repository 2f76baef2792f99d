"""Counting by the hour, and telling the admins (P3)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from portal.core import audit, clock, settings
from portal.core.access import system_viewer
from portal.core.db import add, after_view, db, upsert
from portal.core.errors import Invalid, TooMany
from portal.core.jobs import Job
from portal.core.jobs.kinds import kind_of
from portal.core.jobs.queue import new_row as queue_row
from portal.core.policy import require
from portal.core.tokens import new_public_id
from portal.people.actions import claim_person, create_person
from portal.watch import policies, queries
from portal.watch.models import Alert, Canary, ReadingHour
from portal.watch.telling import tell_admins

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from portal.core.access import Viewer
    from portal.people.models import Person

HOURS, ALERTS, ONLY_ADMINS = ReadingHour.__table__, Alert.__table__, "Only an admin can do this."


def count_opening(person_id: int, *, by: Viewer) -> None:
    """A member opens a profile: past the hour's number it waits, and a record that nobody has reason to open tells."""
    require(by.is_member, "Please sign in first.")
    me, hour, most = by.person_id or 0, this_hour(), settings.get("directory_hourly_profiles")
    read, canary = queries.opening(me, person_id, hour)
    if read >= most:
        wait = int((hour + timedelta(hours=1) - clock.now()).total_seconds()) + 1
        raise TooMany(
            f"You have opened {most} profiles in this hour. The next one opens in {wait // 60 + 1} minutes.", wait
        )
    after_view(lambda connection: _count(connection, me, hour, most, canary=canary))


def this_hour() -> datetime:
    """When this hour began."""
    return clock.now().replace(minute=0, second=0, microsecond=0)


def _count(connection: Connection, person_id: int, hour: datetime, most: int, *, canary: bool) -> None:
    first = {"person_id": person_id, "hour": hour, "profiles": 1}
    counted = upsert(HOURS, first, keys=["person_id", "hour"], update={"profiles": HOURS.c.profiles + 1})
    number = connection.execute(counted.returning(HOURS.c.profiles)).scalar_one()
    for what, is_so in (("hour", number == most), ("canary", canary)):
        if is_so and _notice(connection, person_id, what, number):
            connection.execute(insert(Job).values(**queue_row(kind_of(tell_admins), [person_id, what])))


def _notice(connection: Connection, person_id: int, what: str, number: int) -> bool:
    values = {"public_id": new_public_id(), "person_id": person_id, "what": what, "day": clock.today().isoformat(),
              "number": number, "noticed_at": clock.now()}  # fmt: skip
    told = upsert(ALERTS, values, keys=["person_id", "what", "day"]).returning(ALERTS.c.id)
    return connection.execute(told).first() is not None


def set_canary(name: str, *, by: Viewer) -> Person:
    """Make a record that looks like any other, and that nobody has reason to open."""
    require(by.has_role("admin"), ONLY_ADMINS)
    if len(name.split()) < 2:
        raise Invalid("Write a first and a last name, as any member has.", "name")
    person = create_person(name, by=by)
    claim_person(person, by=system_viewer())
    add(Canary(person_id=person.id, set_by_id=by.person_id))
    audit.record("set canary", person, by=by)
    return person


def close_alert(alert: Alert, *, by: Viewer) -> None:
    """Somebody has looked into it."""
    require(policies.can_watch(by), ONLY_ADMINS)
    alert.closed_at, alert.closed_by_id = clock.now(), by.person_id
    audit.record("close reading alert", alert, by=by, about=alert.person_id)


def forget_hours(*, by: Viewer) -> None:
    """Yesterday's hours go."""
    require(by.system, "This is done by the system, daily.")
    db.session.execute(delete(ReadingHour).where(ReadingHour.hour < clock.now() - timedelta(days=1)))
