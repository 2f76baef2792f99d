"""Reading what was noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import joinedload

from portal.core.db import UTCDateTime, get_one, rows, scalars
from portal.watch.models import Alert, Canary, ReadingHour

if TYPE_CHECKING:
    from datetime import datetime


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
