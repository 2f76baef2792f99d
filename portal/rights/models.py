"""What somebody asked for about their own data, and how far it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

EXPORT_STATES = ("making", "ready", "over")
WAITS = text("called_off_at IS NULL AND done_at IS NULL")


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


class Erasure(Model):
    """The wish to be gone: hidden at once, done after the days of grace, called off by signing in."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("posts IN ('keep','take')", name="posts"),
        Index("uq_erasure_waits", "person_id", unique=True, sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_erasure_due_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    posts: Mapped[str] = mapped_column(String(4), default="keep")  # what becomes of the words in conversations
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class ErasedPerson(Model):
    """Who was erased, as a digest under a key of this deployment: a restored backup brings nobody back."""

    __tablename__ = "erased_person"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    posts: Mapped[str] = mapped_column(String(4), default="keep")
    at: Mapped[datetime] = mapped_column(default=clock.now)


class MergeRequest(Model):
    """Two accounts of one person are about to become one: the other is proved by a link that was mailed to it (I10)."""

    __tablename__ = "merge_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AccountMerge(Model):
    """Two accounts that became one; what changed is kept, sealed, for as long as it can be undone."""

    __tablename__ = "account_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    changes: Mapped[str] = mapped_column(Text)
    merged_at: Mapped[datetime] = mapped_column(default=clock.now)
    undo_until: Mapped[datetime] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]
    final_at: Mapped[datetime | None]

    gone: Mapped[Person] = related(foreign_keys=[gone_id])


class YearlyQuestion(Model):
    """Once a year: is what stands in your career still right? The link answers that and nothing else, once."""

    __tablename__ = "yearly_question"
    __table_args__ = (
        CheckConstraint("answer IN ('', 'right', 'moved')", name="answer"),
        Index("ix_yearly_question_person_id", "person_id", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address_id: Mapped[int | None] = mapped_column(ForeignKey("email_address.id", ondelete="SET NULL"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(5), default="")
    ended_at: Mapped[datetime | None]
