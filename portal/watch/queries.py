"""Reading what was noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.db import db, get_one, scalars
from portal.watch.models import Alert, Canary, ReadingHour

if TYPE_CHECKING:
    from datetime import datetime


def read_in(person_id: int, hour: datetime) -> int:
    """How many profiles a member has opened in this hour."""
    found = select(ReadingHour.profiles).where(ReadingHour.person_id == person_id, ReadingHour.hour == hour)
    return db.session.execute(found).scalar() or 0


def is_canary(person_id: int) -> bool:
    """Whether nobody has reason to open this record."""
    return db.session.execute(select(Canary.person_id).where(Canary.person_id == person_id)).first() is not None


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
