"""What home keeps about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select

from portal.core.db import db
from portal.home.models import HomeDismissal


class HomeData:
    """What was put away; nothing to carry to another account."""

    tables: tuple[str, ...] = ("home_dismissal",)

    def count(self, person_id: int) -> int:
        """How many parts of home the person put away."""
        found = select(func.count()).select_from(HomeDismissal).where(HomeDismissal.person_id == person_id)
        return db.session.execute(found).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """What the person put away, and when."""
        found = select(HomeDismissal.what, HomeDismissal.dismissed_at).where(HomeDismissal.person_id == person_id)
        return {"put_away": [{"what": row.what, "at": row.dismissed_at} for row in db.session.execute(found)]}

    def move(self, old_id: int, new_id: int) -> None:
        """The account that stays keeps its own arrangement."""
        self.erase(old_id)

    def erase(self, person_id: int) -> None:
        """Forget the arrangement."""
        db.session.execute(delete(HomeDismissal).where(HomeDismissal.person_id == person_id))
