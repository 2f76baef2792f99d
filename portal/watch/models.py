"""How much is read, and what was noticed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

WHATS = ("hour", "day", "canary")


class ReadingHour(Model):
    """How many profiles a member opened in an hour; forgotten after a day."""

    __tablename__ = "reading_hour"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    profiles: Mapped[int] = mapped_column(default=0)


class Alert(Model):
    """What was noticed of a member's reading, for the admins; one of a sort, a member and a day."""

    __tablename__ = "reading_alert"
    __table_args__ = (
        CheckConstraint(f"what IN {WHATS}", name="what"),
        Index("uq_reading_alert_once", "person_id", "what", "day", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    what: Mapped[str] = mapped_column(String(6))
    day: Mapped[str] = mapped_column(String(10))
    number: Mapped[int] = mapped_column(default=0)
    noticed_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    person: Mapped[Person] = related(foreign_keys=[person_id])
