"""Advocates: what they are willing to do, how often, when not, and how they are.

What they agreed to stands in the one ledger of consents; here is only what the ledger does not know.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.consents.models import ACT
from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

REST_CHOICES = (0, 60, 90, 180, 365)  # days an advocate wants between asks; 0: as the house rests
ANSWERS = ("yes", "not_now", "not_happy")
NOMINATION_STATES = ("waiting", "contacted", "invited", "opted_in", "closed")


class Act(Model):
    """A kind of favour; the wording by which one agrees to it stands under `consent_kind` among the legal texts."""

    __tablename__ = "act"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(30), unique=True)
    consent_kind: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    meaning: Mapped[str] = mapped_column(String(300))
    icon: Mapped[str] = mapped_column(String(40), default="megaphone")
    is_call: Mapped[bool] = mapped_column(default=False)  # counts as a call: a shorter check-in, and the cap of calls
    position: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]  # nobody is asked for it any more

    @staticmethod
    def kind_of(key: str) -> str:
        """The kind under which its consents are kept."""
        return ACT + key


class Advocate(Model):
    """A member who opted in at least once; the row that is locked while something is asked of them."""

    __tablename__ = "advocate"
    __table_args__ = (
        CheckConstraint(f"rest_days IN {REST_CHOICES}", name="rest_days"),
        CheckConstraint("answer IN ('', 'yes', 'not_now', 'not_happy')", name="answer"),
        CheckConstraint("own_calls IS NULL OR own_calls >= 0", name="own_calls"),
        Index("ix_advocate_answered", "answer", "answered_at", "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(default=clock.now)
    own_calls: Mapped[int | None]  # fewer calls in a quarter than the house allows
    rest_days: Mapped[int] = mapped_column(default=0)  # a longer rest between asks than the house's
    answer: Mapped[str] = mapped_column(String(10), default="")  # to the last check-in
    answered_at: Mapped[datetime | None]

    person: Mapped[Person] = related()


class Pause(Model):
    """Days on which an advocate is not asked: "not in August"; both ends belong to it."""

    __tablename__ = "advocate_pause"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="order"),
        Index("ix_advocate_pause_person", "person_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class CheckIn(Model):
    """“May we call on you, are you happy?”, asked once by mail; only the digest of its secret is stored (R8)."""

    __tablename__ = "check_in"
    __table_args__ = (CheckConstraint("answer IN ('', 'yes', 'not_now', 'not_happy')", name="answer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(10), default="")
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # a newer one was sent, or it was answered


class Flag(Model):
    """Something is wrong: the advocate is paused until the programme's manager closes it with a reason (A3)."""

    __tablename__ = "advocate_flag"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_because = '')", name="closed"),
        Index("ix_advocate_flag_person", "person_id", "closed_at"),
        Index(
            "ix_advocate_flag_open",
            "raised_at",
            "id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_because: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = related(foreign_keys=[person_id])
    raised_by: Mapped[Person | None] = related(foreign_keys=[raised_by_id])
    owner: Mapped[Person | None] = related(foreign_keys=[owner_id])


class Nomination(Model):
    """Somebody proposes an advocate: a person here, or a contact by name; its clock runs from the first day (A6)."""

    __tablename__ = "nomination"
    __table_args__ = (
        CheckConstraint(f"state IN {NOMINATION_STATES}", name="state"),
        CheckConstraint("person_id IS NOT NULL OR contact_name <> ''", name="somebody"),
        CheckConstraint("state <> 'closed' OR closed_because <> ''", name="closed"),
        Index("ix_nomination_state_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_firm: Mapped[str] = mapped_column(String(160), default="")
    contact_address: Mapped[str] = mapped_column(String(254), default="")
    nominated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    why: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    alarm_at: Mapped[datetime]
    escalated_at: Mapped[datetime | None]  # it went to the deputy, because nobody made the first contact in time
    alarmed_at: Mapped[datetime | None]
    contacted_at: Mapped[datetime | None]
    contacted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    contact_note: Mapped[str] = mapped_column(Text, default="")
    invited_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    closed_because: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person | None] = related(foreign_keys=[person_id])
    nominated_by: Mapped[Person | None] = related(foreign_keys=[nominated_by_id])
    owner: Mapped[Person | None] = related(foreign_keys=[owner_id])

    @property
    def nominee(self) -> str:
        """The name of who is proposed, as the nominator knows it."""
        return self.contact_name or (self.person.full_name if self.person else "")


class RecordView(Model):
    """Somebody of the host looked at an advocate's record: when, and why (P4)."""

    __tablename__ = "advocate_view"
    __table_args__ = (Index("ix_advocate_view_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    viewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str] = mapped_column(String(200))
