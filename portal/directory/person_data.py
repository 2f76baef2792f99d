"""What the directory keeps about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core.db import db, rows
from portal.directory.models import ProfileReading, SavedSearch


class ReadingData:
    """How many profiles the person read on which day."""

    tables: tuple[str, ...] = ("profile_reading",)

    def count(self, person_id: int) -> int:
        """How many days are counted."""
        mine = select(func.count()).where(ProfileReading.person_id == person_id)
        return db.session.execute(mine).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """Day by day."""
        found = select(ProfileReading.day, ProfileReading.profiles).where(ProfileReading.person_id == person_id)
        return {"profiles_read": {row.day.isoformat(): row.profiles for row in rows(found)}}

    def move(self, old_id: int, new_id: int) -> None:
        """The counts of the person who goes are worth nothing to the one who stays."""
        self.erase(old_id)

    def erase(self, person_id: int) -> None:
        """The counts go."""
        db.session.execute(delete(ProfileReading).where(ProfileReading.person_id == person_id))


class SearchesData:
    """The searches that the person keeps."""

    tables: tuple[str, ...] = ("saved_search",)

    def count(self, person_id: int) -> int:
        """How many."""
        mine = select(func.count()).where(SavedSearch.person_id == person_id)
        return db.session.execute(mine).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """Each with what it looks for."""
        found = select(SavedSearch.name, SavedSearch.query).where(SavedSearch.person_id == person_id)
        found = found.order_by(SavedSearch.name)
        return {"kept_searches": [{"name": row.name, "query": row.query} for row in rows(found)]}

    def move(self, old_id: int, new_id: int) -> None:
        """On a merge they follow, none twice."""
        there = select(SavedSearch.query).where(SavedSearch.person_id == new_id)
        mine = (SavedSearch.person_id == old_id, SavedSearch.query.not_in(there))
        db.session.execute(update(SavedSearch).where(*mine).values(person_id=new_id))
        self.erase(old_id)

    def erase(self, person_id: int) -> None:
        """They go."""
        db.session.execute(delete(SavedSearch).where(SavedSearch.person_id == person_id))
