"""What the weekly letter keeps about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select

from portal.core.db import db, rows
from portal.digests.models import WeeklyLetter


class LetterData:
    """Which letters there were and what they were about, so that nothing is told twice."""

    tables: tuple[str, ...] = ("weekly_letter",)

    def count(self, person_id: int) -> int:
        """For how many weeks a letter was looked for."""
        found = select(func.count()).select_from(WeeklyLetter).where(WeeklyLetter.person_id == person_id)
        return db.session.execute(found).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """When a letter was posted."""
        found = select(WeeklyLetter.week, WeeklyLetter.state, WeeklyLetter.made_at)
        found = found.where(WeeklyLetter.person_id == person_id).order_by(WeeklyLetter.week)
        return {"weekly_letters": [dict(row._mapping) for row in rows(found)]}

    def move(self, old_id: int, new_id: int) -> None:
        """The account that stays has letters of its own."""
        self.erase(old_id)

    def erase(self, person_id: int) -> None:
        """Forget the letters."""
        db.session.execute(delete(WeeklyLetter).where(WeeklyLetter.person_id == person_id))
