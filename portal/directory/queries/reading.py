"""How much a member reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.core import settings
from portal.core.db import db
from portal.directory.models import ProfileReading
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Row


def is_canary(person_id: int) -> bool:
    """Whether an admin named this profile as one that nobody has reason to open; asked only where there are some."""
    named = [each.strip() for each in settings.get("directory_canaries").split(",") if each.strip()]
    if not named:
        return False
    found = select(Person.id).where(Person.id == person_id, Person.public_id.in_(named))
    return db.session.execute(found).first() is not None


def reading_of(person_id: int, day: date) -> Row[*tuple[Any, ...]] | None:
    """How many profiles a member read on a day, and when the last one."""
    columns = (ProfileReading.profiles, ProfileReading.last_at)
    mine = (ProfileReading.person_id == person_id, ProfileReading.day == day)
    found: Row[*tuple[Any, ...]] | None = db.session.execute(select(*columns).where(*mine)).one_or_none()
    return found
