"""How many profiles a member has read on a day (P3), and the searches that members keep."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId


class ProfileReading(Model):
    """A member's day of reading profiles."""

    __tablename__ = "profile_reading"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    profiles: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(default=clock.now)


class SavedSearch(Model):
    """A search for people that a member keeps; the weekly letter tells who is new in it."""

    __tablename__ = "saved_search"
    __table_args__ = (Index("uq_saved_search", "person_id", "query", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(1000))  # the filters, as an address has them
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
