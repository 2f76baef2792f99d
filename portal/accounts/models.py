"""What a person signs in with; it belongs to the person, not to any employer, and never expires (I13)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

ADDRESS_STATES = ("unverified", "live", "stale", "suspended", "dead", "retired", "removed")
HOLDING = ("live", "stale", "suspended")  # these states hold an address for one person (I3)


class EmailAddress(Model):
    """An address of a person: many each, each verified on its own.

    `live_norm` is the normalised address while live, stale or suspended, else NULL: an unverified claim or history blocks
    nobody.
    """

    __tablename__ = "email_address"
    __table_args__ = (
        CheckConstraint(f"state IN {ADDRESS_STATES}", name="state"),
        CheckConstraint("kind IN ('personal','work')", name="kind"),
        CheckConstraint("(live_norm IS NOT NULL) = (state IN ('live','stale','suspended'))", name="live"),
        Index("uq_email_address_primary", "person_id", unique=True, sqlite_where=text("is_primary"), postgresql_where=text("is_primary")),
        Index("uq_email_address_person_norm", "person_id", "norm", unique=True, sqlite_where=text("state <> 'removed'"),
              postgresql_where=text("state <> 'removed'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))  # as typed: the one form that is mailed (R9)
    norm: Mapped[str] = mapped_column(String(254), index=True)
    live_norm: Mapped[str | None] = mapped_column(String(254), unique=True)
    domain: Mapped[str] = mapped_column(String(253), index=True)
    kind: Mapped[str] = mapped_column(String(8), default="personal")
    state: Mapped[str] = mapped_column(String(10), default="unverified")
    is_primary: Mapped[bool] = mapped_column(default=False)
    verified_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]  # when the person last showed that they read it
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = related()


class Credential(Model):
    """A way of proving who one is: a password (argon2id hash) or TOTP (sealed secret); several kinds, one table."""

    __tablename__ = "credential"
    __table_args__ = (
        CheckConstraint("kind IN ('password','totp')", name="kind"),
        Index("uq_credential_person_kind", "person_id", "kind", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60), default="")
    secret: Mapped[str] = mapped_column(Text)
    last_step: Mapped[int] = mapped_column(default=0)  # TOTP: the last time step that was used, against replay
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class Session(Model):
    """A signed-in device; only the digest of its token is stored."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    opened_through: Mapped[str] = mapped_column(String(10))  # link | password
    address_id: Mapped[int | None] = mapped_column(ForeignKey("email_address.id"))  # the address of the link
    factors: Mapped[int] = mapped_column(default=1)  # 2 once TOTP was given
    device: Mapped[str] = mapped_column(String(120), default="")
    ip: Mapped[str] = mapped_column(String(45), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_used_at: Mapped[datetime] = mapped_column(default=clock.now)
    authenticated_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LoginToken(Model):
    """A secret that was mailed: for one purpose, one person, once; only its digest is stored."""

    __tablename__ = "login_token"
    __table_args__ = (CheckConstraint("purpose IN ('sign_in','verify','reset','stop_reset')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("email_address.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64), default="")
    data: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    not_before: Mapped[datetime | None]  # a reset through a work address waits (I6)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Invitation(Model):
    """A letter to one address that lets the person behind an unclaimed record take the account (R21)."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # sent anew or withdrawn

    person: Mapped[Person] = related(foreign_keys=[person_id])


class Applicant(Model):
    """Somebody who asked to join: who they are, which relation, when, and how we can tell."""

    __tablename__ = "applicant"
    __table_args__ = (
        CheckConstraint("state IN ('unverified','waiting','approved','declined')", name="state"),
        CheckConstraint("kind IN ('employee','customer','partner')", name="kind"),
        Index("ix_applicant_state_created_at", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    full_name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(254))
    norm: Mapped[str] = mapped_column(String(254), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    organisation: Mapped[str] = mapped_column(String(160), default="")
    department: Mapped[str] = mapped_column(String(80), default="")
    start: Mapped[str] = mapped_column(String(10), default="")
    end: Mapped[str] = mapped_column(String(10), default="")
    proof: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="unverified")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]


class LeaverNotice(Model):
    """A work address whose tie ends on a day: the person is asked for a personal one before (I4, I5)."""

    __tablename__ = "leaver_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    ends_on: Mapped[date]
    days_before: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
