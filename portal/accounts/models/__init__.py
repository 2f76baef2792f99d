"""What a person signs in with; it belongs to the person, not to any employer, and never expires (I13)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models.helping import AddressDispute, DomainCheck, RecoveryCase
from portal.accounts.models.ways import Passkey, ProviderSignIn, SpentChallenge
from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

ADDRESS_STATES = ("unverified", "live", "stale", "suspended", "dead", "retired", "removed")
HOLDING = ("live", "stale", "suspended")  # these states hold an address for one person (I3)
PURPOSES = ("sign_in", "device", "second", "verify", "confirm", "reset", "stop_reset", "undo_removal", "veto")
WAVE_STATES = ("counting", "ready", "running", "paused", "stopped", "done")
# waiting: no letter yet · invited · claimed · refused (asked not to be written to) · returned (came back) · left out
INVITEE_STATES = ("waiting", "invited", "claimed", "refused", "returned", "left_out")
APPLICANT_STATES = ("unverified", "waiting", "approved", "declined")


def only_where(condition: str) -> dict[str, Any]:
    """A partial index, for both engines."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class EmailAddress(Model):
    """An address of a person: many each, each verified on its own.

    `live_norm` is the normalised address while live, stale or suspended, else NULL: an unverified claim or history
    blocks nobody.
    """

    __tablename__ = "email_address"
    __table_args__ = (
        CheckConstraint(f"state IN {ADDRESS_STATES}", name="state"),
        CheckConstraint("kind IN ('personal','work')", name="kind"),
        CheckConstraint("(live_norm IS NOT NULL) = (state IN ('live','stale','suspended'))", name="live"),
        Index("uq_email_address_primary", "person_id", unique=True, **only_where("is_primary")),
        Index("uq_email_address_person_norm", "person_id", "norm", unique=True, **only_where("state <> 'removed'")),
    )

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
    removed_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]  # when a mail server refused it for good
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = related()

    @property
    def is_live(self) -> bool:
        """Whether it may be mailed about the account."""
        return self.state == "live"

    @property
    def is_personal(self) -> bool:
        """Whether it stays the person's own whoever employs them."""
        return self.kind == "personal"


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


class RecoveryCode(Model):
    """One of the codes on paper that get their person in when phone or mailbox are lost, once each (R14)."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class Session(Model):
    """A signed-in device; only the digest of its token is stored."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_person_browser", "person_id", "browser_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    opened_through: Mapped[str] = mapped_column(String(10))  # link, password, claim, passkey, provider, paper, recovery
    address_id: Mapped[int | None] = mapped_column(
        ForeignKey("email_address.id"), index=True
    )  # the address of the link
    factors: Mapped[int] = mapped_column(default=1)  # 2 once TOTP was given
    browser_hash: Mapped[str] = mapped_column(String(64), default="")
    device: Mapped[str] = mapped_column(String(120), default="")
    ip: Mapped[str] = mapped_column(String(45), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_used_at: Mapped[datetime] = mapped_column(default=clock.now)
    authenticated_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LoginToken(Model):
    """A secret that was mailed: for one purpose, one person, once; only its digest is stored (R8)."""

    __tablename__ = "login_token"
    __table_args__ = (CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("email_address.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64), default="")  # the browser that asked for it
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class WaitingReset(Model):
    """A new password that came through a work address: it waits, and any personal address can stop it (I6)."""

    __tablename__ = "waiting_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("email_address.id"), index=True)
    password_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    effective_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # stopped, or in effect


class Invitation(Model):
    """A letter to one address that lets the person behind an unclaimed record take the account (R21)."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    norm: Mapped[str] = mapped_column(String(254), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # sent anew or withdrawn
    bounced_at: Mapped[datetime | None]  # the letter came back

    person: Mapped[Person] = related(foreign_keys=[person_id])


class InvitationWave(Model):
    """Many unclaimed people who are invited little by little; counters are columns and equal a recount (T2)."""

    __tablename__ = "invitation_wave"
    __table_args__ = (CheckConstraint(f"state IN {WAVE_STATES}", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(120))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    choice: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # whom it was made for, as chosen
    state: Mapped[str] = mapped_column(String(10), default="counting")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    no_address: Mapped[int] = mapped_column(default=0)  # left out, and why
    unsubscribed: Mapped[int] = mapped_column(default=0)
    invited_before: Mapped[int] = mapped_column(default=0)
    came_back: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)  # those in it, and how far they came
    invited: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[int] = mapped_column(default=0)  # a letter left, and did not come back
    returned: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    claimed: Mapped[int] = mapped_column(default=0)

    made_by: Mapped[Person | None] = related()


class WaveInvitee(Model):
    """One person in a wave: how many letters went out, when the next one is due, and how it ended."""

    __tablename__ = "wave_invitee"
    __table_args__ = (
        CheckConstraint(f"state IN {INVITEE_STATES}", name="state"),
        Index("uq_wave_invitee_person", "wave_id", "person_id", unique=True),
        Index("ix_wave_invitee_due", "next_at", "id", **only_where("next_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("invitation_wave.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    letters: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None] = mapped_column(index=True)
    left_at: Mapped[datetime | None]  # when the mail server took a letter that did not come back

    person: Mapped[Person] = related()


class Applicant(Model):
    """Somebody who asked to join: who they are, which relation, when, and how we can tell."""

    __tablename__ = "applicant"
    __table_args__ = (
        CheckConstraint(f"state IN {APPLICANT_STATES}", name="state"),
        CheckConstraint("kind IN ('employee','customer','partner')", name="kind"),
        Index("ix_applicant_state_created_at", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    full_name: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(254))
    norm: Mapped[str] = mapped_column(String(254), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10), default="employee")
    organisation: Mapped[str] = mapped_column(String(160), default="")
    department: Mapped[str] = mapped_column(String(80), default="")
    start: Mapped[str] = mapped_column(String(10), default="")
    end: Mapped[str] = mapped_column(String(10), default="")
    proof: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="unverified")
    verified_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]


class LeaverNotice(Model):
    """A work address whose tie ends on a day: the person is asked for a personal one before (I4, I5)."""

    __tablename__ = "leaver_notice"
    __table_args__ = (
        Index("uq_leaver_notice_once", "person_id", "organisation_id", "ends_on", "days_before", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    ends_on: Mapped[date]
    days_before: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)


__all__ = [
    "AddressDispute", "Applicant", "Credential", "DomainCheck", "EmailAddress", "Invitation", "InvitationWave",
    "LeaverNotice", "LoginToken", "Passkey", "ProviderSignIn", "RecoveryCase", "RecoveryCode", "Session",
    "SpentChallenge", "WaitingReset", "WaveInvitee",
]  # fmt: skip
