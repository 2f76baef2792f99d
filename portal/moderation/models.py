"""A report opens a case; a decision closes it; an appeal asks somebody else; nothing of it is ever deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.boards.models import Board
from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.moderation.reasons import KEYS, VERBS
from portal.people.models import Person

ORIGINS = ("report", "held", "moderator")
CASE_STATES = ("open", "waiting", "decided", "dropped")  # waiting: for a second moderator
REPORT_STATES = ("open", "acted", "standing", "dropped")
APPEAL_STATES = ("open", "granted", "refused")
SECONDS = ("", "anyone", "not_staff")


class Case(Model):
    """One thing that moderators look at: reported, held, or taken up by a moderator."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        CheckConstraint(f"origin IN {ORIGINS}", name="origin"),
        CheckConstraint(f"state IN {CASE_STATES}", name="state"),
        Index("ix_moderation_case_queue", "state", "opened_at", "id"),
        Index("ix_moderation_case_thing", "kind", "thing_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[str] = mapped_column(String(20))  # the thing's public id
    board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    html: Mapped[str] = mapped_column(
        Text, default=""
    )  # as it was when the case was opened: what a later edit can't take away
    origin: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="open")
    open_key: Mapped[str | None] = mapped_column(String(50), unique=True)  # at most one case a thing that is not closed
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_at: Mapped[datetime | None]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    claimed_at: Mapped[datetime | None]
    reports_count: Mapped[int] = mapped_column(default=0)  # open reports, each by another member (M4)
    hidden_automatically: Mapped[bool] = mapped_column(default=False)

    author: Mapped[Person] = related(foreign_keys=[author_id])
    board: Mapped[Board | None] = related()
    claimed_by: Mapped[Person | None] = related(foreign_keys=[claimed_by_id])


class Report(Model):
    """A member's flag; its reporter is known to moderators only, and forgotten with the account."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(f"reason IN {KEYS}", name="reason"),
        CheckConstraint(f"state IN {REPORT_STATES}", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    open_key: Mapped[str | None] = mapped_column(
        String(80), unique=True
    )  # at most one open report per reporter and thing
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]

    case: Mapped[Case] = related()
    reporter: Mapped[Person | None] = related()


class Decision(Model):
    """What was done about a case and why; in force once nobody is needed to confirm it, until it is reversed."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(f"verb IN {VERBS}", name="verb"),
        CheckConstraint(f"reason IN {('', *KEYS)}", name="reason"),
        CheckConstraint(f"second IN {SECONDS}", name="second"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"), index=True)
    verb: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(Text, default="")  # to the author
    hides: Mapped[bool] = mapped_column(default=False)  # a warning or a pause may hide the thing as well
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    in_force_at: Mapped[datetime | None]  # none while a second moderator is needed
    suspended_until: Mapped[datetime | None]
    from_board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"), index=True)
    to_board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"), index=True)
    second: Mapped[str] = mapped_column(
        String(10), default=""
    )  # who has to agree: anyone else, or somebody who is not staff
    second_until: Mapped[datetime | None]  # then it is undone (M3)
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reversed_at: Mapped[datetime | None]
    reversed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reversed_because: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[Case] = related()
    by: Mapped[Person] = related(foreign_keys=[by_id])
    appeal: Mapped[Appeal | None] = related(back_populates="decision", uselist=False)

    @property
    def is_pending(self) -> bool:
        """Whether it waits for a second moderator."""
        return self.in_force_at is None and self.reversed_at is None

    @property
    def is_in_force(self) -> bool:
        """Whether it holds now."""
        return self.in_force_at is not None and self.reversed_at is None


class Appeal(Model):
    """The author's objection; decided by somebody else."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint(f"state IN {APPEAL_STATES}", name="state"),
        Index("ix_appeal_queue", "state", "opened_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    decision: Mapped[Decision] = related(back_populates="appeal")


class HiddenField(Model):
    """A field of a profile that a decision hid: whom it was shown to before, so that a reversal can show it again."""

    __tablename__ = "hidden_field"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(12), primary_key=True)
    audience: Mapped[str] = mapped_column(String(12))
