"""One announced exit: whose, on which day, and how often they were invited."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person


class Leaver(Model):
    """Somebody whose work at the host ends on a day; one row a person, changed when the day is another one."""

    __tablename__ = "leaver"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    announced_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    ends_on: Mapped[date] = mapped_column(index=True)
    work_address: Mapped[str] = mapped_column(String(254), default="")
    own_address: Mapped[str] = mapped_column(String(254), default="")  # as HR knows it; proved by nobody
    letters: Mapped[int] = mapped_column(SmallInteger, default=0)
    last_at: Mapped[datetime | None]
    announced_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = related(foreign_keys=[person_id])
