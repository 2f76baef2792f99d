"""What is kept about somebody who leaves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core.db import db, rows
from portal.leavers.models import Leaver


class LeaverData:
    """What HR announced of the person, and whom they announced."""

    tables: tuple[str, ...] = ("leaver",)

    def count(self, person_id: int) -> int:
        """Whether an exit was announced."""
        return db.session.execute(select(func.count()).where(Leaver.person_id == person_id)).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """The day, where the letter went, and when."""
        columns = (Leaver.ends_on, Leaver.work_address, Leaver.own_address, Leaver.letters, Leaver.announced_at)
        found = rows(select(*columns).where(Leaver.person_id == person_id))
        return {"announced_exit": [dict(row._mapping) for row in found]}  # noqa: SLF001

    def move(self, old_id: int, new_id: int) -> None:
        """It follows; of two the new account's stays."""
        if db.session.execute(select(Leaver.id).where(Leaver.person_id == new_id)).first() is not None:
            db.session.execute(delete(Leaver).where(Leaver.person_id == old_id))
        db.session.execute(update(Leaver).where(Leaver.person_id == old_id).values(person_id=new_id))
        db.session.execute(update(Leaver).where(Leaver.announced_by_id == old_id).values(announced_by_id=new_id))

    def erase(self, person_id: int) -> None:
        """It goes; whom they announced stays, without their name."""
        db.session.execute(delete(Leaver).where(Leaver.person_id == person_id))
        db.session.execute(update(Leaver).where(Leaver.announced_by_id == person_id).values(announced_by_id=None))
