"""A referral points the host to a lead, a candidate or a partner, and goes through stages to an outcome (A8)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.core.partial_dates import PartialDate, PartialDateType
from portal.people.models import Person
from portal.referrals.stages import KEYS, KINDS

CONSENTS = ("waiting", "yes", "no")
CLOCKS = ("", "accept", "consent", "step")
WHATS = ("stage", "owner", "plan", "note", "consent", "credit")
STORIES = ("told", "confirmed", "not_confirmed")
RUNNING = text("due_at IS NOT NULL")


class Referral(Model):
    """What a member pointed the host to, where it stands, whose it is, and which clock runs on it."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"stage IN {KEYS}", name="stage"),
        CheckConstraint("ending IN ('', 'won', 'lost')", name="ending"),
        CheckConstraint(f"consent IN {CONSENTS}", name="consent"),
        CheckConstraint(f"due_what IN {CLOCKS}", name="due_what"),
        CheckConstraint("(amount IS NULL) = (currency = '')", name="amount"),
        Index("ix_referral_column", "kind", "stage", "stage_since", "id"),
        Index("ix_referral_owned", "owner_id", "kind", "stage", "stage_since", "id"),
        Index("ix_referral_mine", "referrer_id", "id"),
        Index("ix_referral_kind_id", "kind", "id"),
        Index("ix_referral_due", "due_at", "id", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_referral_waiting", "contact_norm", sqlite_where=text("consent = 'waiting'"),
              postgresql_where=text("consent = 'waiting'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(10))
    referrer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    company: Mapped[str] = mapped_column(String(160), default="")
    job: Mapped[str] = mapped_column(String(160), default="")  # a candidate's, in words
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_address: Mapped[str] = mapped_column(String(254), default="")
    contact_norm: Mapped[str] = mapped_column(String(254), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    consent: Mapped[str] = mapped_column(String(8), default="waiting")
    stage: Mapped[str] = mapped_column(String(12), default="new")
    ending: Mapped[str] = mapped_column(String(4), default="")
    stage_since: Mapped[datetime] = mapped_column(default=clock.now)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    amount: Mapped[int | None] = mapped_column(BigInteger)  # in the currency's smallest unit
    currency: Mapped[str] = mapped_column(String(3), default="")
    next_step: Mapped[str] = mapped_column(String(200), default="")
    next_on: Mapped[date | None]
    accept_by: Mapped[datetime | None]
    due_at: Mapped[datetime | None]  # the earliest clock that runs, and which one it is
    due_what: Mapped[str] = mapped_column(String(8), default="")
    reason: Mapped[str] = mapped_column(String(120), default="")  # why it came to nothing
    has_credit: Mapped[bool] = mapped_column(default=True)
    first_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id", ondelete="SET NULL"), index=True)
    is_tie: Mapped[bool] = mapped_column(default=False)  # it came in the same minute as the first
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    referrer: Mapped[Person] = related(foreign_keys=[referrer_id])
    owner: Mapped[Person | None] = related(foreign_keys=[owner_id])


class ReferralCredit(Model):
    """By what a lead is known, and which referral was first with it: one row a key, so one credit a lead."""

    __tablename__ = "referral_credit"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    key: Mapped[str] = mapped_column(String(270), primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime]


class ReferralEvent(Model):
    """What happened to a referral: who, when, from, to, note. Append-only; `told` is for the referrer too."""

    __tablename__ = "referral_event"
    __table_args__ = (
        CheckConstraint(f"what IN {WHATS}", name="what"),
        Index("ix_referral_event_referral", "referral_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str] = mapped_column(String(8))
    old: Mapped[str] = mapped_column(String(200), default="")
    new: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[bool] = mapped_column(default=False)

    by: Mapped[Person | None] = related()


class ReferralConsent(Model):
    """The referred person's yes or no, how the host came to know it, and to which words. Append-only (A8)."""

    __tablename__ = "referral_consent"
    __table_args__ = (
        CheckConstraint("answer IN ('yes', 'no')", name="answer"),
        CheckConstraint("how IN ('referrer', 'letter', 'staff')", name="how"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    answer: Mapped[str] = mapped_column(String(3))
    how: Mapped[str] = mapped_column(String(8))
    given_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)


class ReferralLetter(Model):
    """The one letter that asks an address; the row outlives the answer, so that nobody is asked twice."""

    __tablename__ = "referral_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64), unique=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id", ondelete="SET NULL"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(3), default="")


class ReferralTotal(Model):
    """How many referrals stand in a stage and what they are worth, one row a currency: no page counts or sums."""

    __tablename__ = "referral_total"
    __table_args__ = (UniqueConstraint("kind", "stage", "currency"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    stage: Mapped[str] = mapped_column(String(12))
    currency: Mapped[str] = mapped_column(String(3), default="")
    n: Mapped[int] = mapped_column(default=0)
    amount: Mapped[int] = mapped_column(BigInteger, default=0)


class ReferralDeputy(Model):
    """To whom somebody's open referrals go when their role ends (I16)."""

    __tablename__ = "referral_deputy"

    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)


class InfluenceStory(Model):
    """ "I brought you in here": told by a member, confirmed or not by staff, with a reason."""

    __tablename__ = "influence_story"
    __table_args__ = (
        CheckConstraint(f"state IN {STORIES}", name="state"),
        Index("ix_influence_story_state", "state", "id"),
        Index("ix_influence_story_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    company: Mapped[str] = mapped_column(String(160))
    when: Mapped[PartialDate] = mapped_column("happened", PartialDateType)
    what: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(14), default="told")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = related(foreign_keys=[person_id])
