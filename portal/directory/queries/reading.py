"""How much a member reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.core.db import db
from portal.directory.models import ProfileReading

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Row


def reading_of(person_id: int, day: date) -> Row[*tuple[Any, ...]] | None:
    """How many profiles a member read on a day, and when the last one."""
    columns = (ProfileReading.profiles, ProfileReading.last_at)
    mine = (ProfileReading.person_id == person_id, ProfileReading.day == day)
    found: Row[*tuple[Any, ...]] | None = db.session.execute(select(*columns).where(*mine)).one_or_none()
    return found
