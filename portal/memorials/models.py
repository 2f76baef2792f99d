"""Who is remembered, by whose word and on what proof; and what families ask."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

OPEN = text("ended_at IS NULL")


class Memorial(Model):
    """Proposed by one, in force once another has confirmed it; `page` is the family's wish (I15, R19)."""

    __tablename__ = "memorial"
    __table_args__ = (
        CheckConstraint("page IN ('kept','hidden')", name="page"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="two"),
        Index("uq_memorial_open", "person_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    page: Mapped[str] = mapped_column(String(6), default="kept")
    proof: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # declined, or it was a mistake

    person: Mapped[Person] = related(foreign_keys=[person_id])
    proposed_by: Mapped[Person | None] = related(foreign_keys=[proposed_by_id])


class FamilyRequest(Model):
    """What a family asks of us: to take a page away, or to change it. Written without an account."""

    __tablename__ = "family_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    about: Mapped[str] = mapped_column(String(120))  # of whom, in the family's words
    sender: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(254))
    words: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(index=True)
