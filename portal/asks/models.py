"""One concrete favour asked of one advocate, from the brief to the thanks (A7)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.advocates.models import Act
from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

STATES = ("waiting", "accepted", "declined", "unanswered", "stopped", "done")
OPEN = ("waiting", "accepted")
COUNTED = ("waiting", "accepted", "done")  # what counts as a call; the rest counts every ask (A4)
OUTCOMES = {
    "helped": "It helped",
    "no_matter": "It made no difference",
    "not_held": "It did not take place",
    "open": "Too early to tell",
}
STOPPED = {
    "withdrawn": "The advocate took the consent back.",
    "flag": "A flag was raised.",
    "pause": "The advocate is away.",
    "not_now": "The advocate said “not now”.",
    "asker": "It was taken back by who asked.",
    "gone": "The advocate can't be asked any more.",
}


class Ask(Model):
    """An ask, or a favour that was asked outside the portal and logged here, which counts all the same (A4)."""

    __tablename__ = "ask"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"outcome = '' OR outcome IN {tuple(OUTCOMES)}", name="outcome"),
        CheckConstraint("(state = 'done') = (outcome <> '')", name="done"),
        CheckConstraint("(state = 'stopped') = (stopped_because <> '')", name="stopped"),
        CheckConstraint("state <> 'waiting' OR answered_at IS NULL", name="waiting"),
        CheckConstraint("state NOT IN ('accepted', 'declined') OR answered_at IS NOT NULL", name="answered"),
        CheckConstraint("thanked_at IS NULL OR state = 'done'", name="thanked"),
        Index("ix_ask_person_asked_at", "person_id", "asked_at"),
        Index("ix_ask_open", "answer_by", "id", sqlite_where=text("state = 'waiting'"),
              postgresql_where=text("state = 'waiting'")),
        Index("ix_ask_running", "by_date", "id", sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("ix_ask_due_answer", "state", "answer_by", "id", sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("ix_ask_due_date", "state", "by_date", "id", sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("ix_ask_asked_by", "asked_by_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"), index=True)
    is_call: Mapped[bool]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    outside: Mapped[bool] = mapped_column(default=False)  # asked beside the portal, and logged by staff
    what: Mapped[str] = mapped_column(Text, default="")
    deal: Mapped[str] = mapped_column(String(120), default="")
    firm: Mapped[str] = mapped_column(String(160), default="")
    data_use: Mapped[str] = mapped_column(Text, default="")
    by_date: Mapped[date]
    answer_by: Mapped[datetime]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    override_reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    answered_at: Mapped[datetime | None]
    stopped_because: Mapped[str] = mapped_column(String(10), default="")
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(10), default="")
    outcome_note: Mapped[str] = mapped_column(Text, default="")
    asker_feedback: Mapped[str] = mapped_column(Text, default="")
    advocate_feedback: Mapped[str] = mapped_column(Text, default="")
    thanks: Mapped[str] = mapped_column(Text, default="")
    thanked_at: Mapped[datetime | None]

    person: Mapped[Person] = related(foreign_keys=[person_id])
    asked_by: Mapped[Person | None] = related(foreign_keys=[asked_by_id])
    act: Mapped[Act] = related()
