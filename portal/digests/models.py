"""One row for each member and week in which a letter was looked for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model

EMPTY, POSTED, FAILED = "empty", "posted", "failed"


class WeeklyLetter(Model):
    """The week's letter to a member; the row is taken before anything is posted, so there is one at most (T2)."""

    __tablename__ = "weekly_letter"
    __table_args__ = (
        CheckConstraint("state IN ('empty','posted','failed')", name="state"),
        Index("ix_weekly_letter_week", "week"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)  # the Monday of the member's own week
    state: Mapped[str] = mapped_column(String(6), default=EMPTY)
    since: Mapped[datetime]  # what it tells of begins here
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    pieces: Mapped[list[list[str]]] = mapped_column(JSON, default=list)  # part, key and what it is about, of each
