"""What somebody asked for about their own data, and how far it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId

EXPORT_STATES = ("making", "ready", "over")


class DataExport(Model):
    """A copy of everything that is kept about a person: made by the worker, kept for a week, for them alone."""

    __tablename__ = "data_export"
    __table_args__ = (CheckConstraint(f"state IN {EXPORT_STATES}", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="making")
    job_id: Mapped[int | None]
    file_key: Mapped[str] = mapped_column(String(80), default="")
    size: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
