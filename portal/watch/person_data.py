"""What is kept about a member's reading."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core.db import db, rows
from portal.people.models import Canary
from portal.watch.models import Alert, ReadingHour


class WatchData:
    """Counts of a day, and what was noticed."""

    tables: tuple[str, ...] = ("reading_hour", "reading_alert", "canary")

    def count(self, person_id: int) -> int:
        """How often something was noticed."""
        return db.session.execute(select(func.count()).where(Alert.person_id == person_id)).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """What was noticed, when."""
        found = rows(select(Alert.what, Alert.number, Alert.noticed_at).where(Alert.person_id == person_id))
        return {"reading_noticed": [dict(row._mapping) for row in found]}  # noqa: SLF001

    def move(self, old_id: int, new_id: int) -> None:
        """What was noticed follows, once a day; counts are worth nothing to the account that stays."""
        db.session.execute(delete(ReadingHour).where(ReadingHour.person_id == old_id))
        there = {(row.what, row.day) for row in rows(select(Alert.what, Alert.day).where(Alert.person_id == new_id))}
        for row in rows(select(Alert.id, Alert.what, Alert.day).where(Alert.person_id == old_id)):
            mine = Alert.id == row.id
            double = (row.what, row.day) in there
            db.session.execute(
                delete(Alert).where(mine) if double else update(Alert).where(mine).values(person_id=new_id)
            )
        db.session.execute(update(Alert).where(Alert.closed_by_id == old_id).values(closed_by_id=new_id))
        db.session.execute(update(Canary).where(Canary.set_by_id == old_id).values(set_by_id=new_id))
        if db.session.execute(select(Canary).where(Canary.person_id == new_id)).first() is not None:
            db.session.execute(delete(Canary).where(Canary.person_id == old_id))
        db.session.execute(update(Canary).where(Canary.person_id == old_id).values(person_id=new_id))

    def erase(self, person_id: int) -> None:
        """All of it goes."""
        for table in (ReadingHour, Alert, Canary):
            db.session.execute(delete(table).where(table.person_id == person_id))
        db.session.execute(update(Alert).where(Alert.closed_by_id == person_id).values(closed_by_id=None))
        db.session.execute(update(Canary).where(Canary.set_by_id == person_id).values(set_by_id=None))
