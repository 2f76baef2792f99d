"""Counting by the hour, and telling the admins (P3)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from portal.careers.actions import add_position, record_relation
from portal.core import audit, clock, settings
from portal.core.access import system_viewer
from portal.core.db import add, after_view, db, upsert
from portal.core.errors import Invalid, TooMany
from portal.core.jobs import Job
from portal.core.jobs.kinds import kind_of
from portal.core.jobs.queue import new_row as queue_row
from portal.core.partial_dates import PartialDate
from portal.core.policy import require
from portal.core.tokens import new_public_id
from portal.organisations.queries import host
from portal.people.actions import claim_person, create_person
from portal.people.models import Canary
from portal.watch import policies, queries
from portal.watch.models import Alert, ReadingHour
from portal.watch.telling import tell_admins

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from portal.careers.models import Relation
    from portal.core.access import Viewer
    from portal.people.models import Person

EARLIER = (2009, 2015)  # when there is nobody yet to resemble
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
    person, like, system = create_person(name, by=by), queries.somebody(), system_viewer()
    add(Canary(person_id=person.id, set_by_id=by.person_id))
    claim_person(person, by=system)
    _live(person, like, by=system)
    audit.record("set canary", person, by=by)
    return person


def _live(person: Person, like: Relation | None, *, by: Viewer) -> None:
    """A time at the host and one after it, like those of somebody who is real, a year earlier; here since long ago."""
    begun, ended = (
        (like.starts_on.year - 1, like.ends_on.year - 1) if like and like.starts_on and like.ends_on else EARLIER
    )
    record_relation(
        person, "employee", host(), start=PartialDate(str(begun)), end=PartialDate(str(ended)), verified_by="admin",
        title=like.title if like else "", department=like.department if like else "", site=like.site if like else "", by=by,
    )  # fmt: skip
    firm = queries.some_firm()
    if firm is not None:
        add_position(person, firm, title=like.title if like else "", start=PartialDate(str(ended)), by=by)
    person.claimed_at = queries.some_day()
    db.session.flush()


def close_alert(alert: Alert, *, by: Viewer) -> None:
    """Somebody has looked into it."""
    require(policies.can_watch(by), ONLY_ADMINS)
    alert.closed_at, alert.closed_by_id = clock.now(), by.person_id
    audit.record("close reading alert", alert, by=by, about=alert.person_id)


def forget_hours(*, by: Viewer) -> None:
    """Yesterday's hours go."""
    require(by.system, "This is done by the system, daily.")
    db.session.execute(delete(ReadingHour).where(ReadingHour.hour < clock.now() - timedelta(days=1)))
