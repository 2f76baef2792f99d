"""What is kept about somebody who is remembered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core import clock
from portal.core.db import db, rows
from portal.memorials.models import Memorial

TENDED = ("proposed_by_id", "confirmed_by_id")


class MemorialData:
    """That somebody said so, and on what proof."""

    tables: tuple[str, ...] = ("memorial",)

    def count(self, person_id: int) -> int:
        """How often it was said."""
        return db.session.execute(select(func.count()).where(Memorial.person_id == person_id)).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """Somebody of whom it was said by mistake sees it."""
        found = select(Memorial.proposed_at, Memorial.proof, Memorial.ended_at).where(Memorial.person_id == person_id)
        return {"memorials": [dict(row._mapping) for row in rows(found)]}  # noqa: SLF001

    def move(self, old_id: int, new_id: int) -> None:
        """It follows; what is open about an account whose person joins it with another was a mistake."""
        mine = update(Memorial).where(Memorial.person_id == old_id)
        db.session.execute(mine.where(Memorial.ended_at.is_(None)).values(ended_at=clock.now()))
        db.session.execute(mine.values(person_id=new_id))
        for name in TENDED:
            named = update(Memorial).where(getattr(Memorial, name) == old_id)
            db.session.execute(named.values({name: new_id}))

    def erase(self, person_id: int) -> None:
        """It goes; what they said of others stays, without their name."""
        db.session.execute(delete(Memorial).where(Memorial.person_id == person_id))
        for name in TENDED:
            named = update(Memorial).where(getattr(Memorial, name) == person_id)
            db.session.execute(named.values({name: None}))
