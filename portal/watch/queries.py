"""Reading what was noticed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import joinedload

from portal.careers.models import Position, Relation
from portal.core import clock
from portal.core.db import UTCDateTime, get_one, rows, scalars
from portal.organisations.models import Organisation
from portal.organisations.queries import host
from portal.people.models import Canary, Person
from portal.people.policies import is_real
from portal.watch.models import Alert, ReadingHour

if TYPE_CHECKING:
    from datetime import datetime

LATELY = timedelta(days=60)  # whoever came since is a newcomer

_OPENING = select(
    select(ReadingHour.profiles)
    .where(ReadingHour.person_id == bindparam("me"), ReadingHour.hour == bindparam("hour", type_=UTCDateTime()))
    .scalar_subquery().label("read"),
    exists().where(Canary.person_id == bindparam("whose")).label("canary"),
)  # fmt: skip


def opening(reader_id: int, person_id: int, hour: datetime) -> tuple[int, bool]:
    """How many profiles a member has opened in this hour, and whether nobody has reason to open this one."""
    row = rows(_OPENING, me=reader_id, whose=person_id, hour=hour)[0]
    return row.read or 0, bool(row.canary)


def somebody() -> Relation | None:
    """An ended employment at the host, any one, for a made-up one to resemble."""
    ended = select(Relation).join(Person, Person.id == Relation.person_id).where(
        Relation.kind == "employee", Relation.organisation_id == host().id, Relation.ends_on < clock.today(),
        Relation.starts_on.is_not(None), Person.listed, is_real(),
    )  # fmt: skip
    return next(iter(scalars(ended.order_by(func.random()).limit(1))), None)


def some_firm() -> str | None:
    """A firm where some member works, and that is not the host."""
    there = select(Organisation.name).join(Position, Position.organisation_id == Organisation.id)
    there = there.join(Person, Person.id == Position.person_id).where(Person.listed, Organisation.is_host.is_(False))
    return next(iter(scalars(there.order_by(func.random()).limit(1))), None)


def some_day() -> datetime:
    """When some member came; the first of all days there is, when nobody has."""
    came = select(Person.claimed_at).where(Person.listed, Person.claimed_at < clock.now() - LATELY, is_real())
    return next(iter(scalars(came.order_by(func.random()).limit(1))), None) or clock.now() - LATELY


def canaries() -> list[Canary]:
    """The made-up records, the newest first."""
    return scalars(select(Canary).options(joinedload(Canary.person)).order_by(Canary.set_at.desc()))


def alerts() -> list[Alert]:
    """What was noticed and nobody has closed, the newest first."""
    found = select(Alert).where(Alert.closed_at.is_(None)).options(joinedload(Alert.person))
    return scalars(found.order_by(Alert.id.desc()).limit(100))


def alert(public_id: str) -> Alert:
    """One that is open."""
    return get_one(
        select(Alert).where(Alert.public_id == public_id, Alert.closed_at.is_(None)), "This was closed already."
    )
