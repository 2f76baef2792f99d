"""When somebody lost every way in, when an address was given to somebody else, and domains that take no mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId

# asked: the address waits to be proved · proved: waits for an admin · proposed: waits for another one · waiting: told to
# every own address, and runs · ready: its link is mailed · done · vetoed · refused · over (withdrawn, not needed, too late)
CASE_STATES = ("asked", "proved", "proposed", "waiting", "ready", "done", "vetoed", "refused", "over")
END_SHOWN = timedelta(days=14)  # how long the link of a case goes on saying how it ended
ENTRY_LIVES = timedelta(days=14)  # the link back in
RUNNING = ("proposed", "waiting", "ready")
DISPUTE_STATES = ("open", "given", "kept", "over")


def _only_where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class RecoveryCase(Model):
    """Somebody who lost every way in: two admins, evidence, a waiting period and a veto of each own address (I9)."""

    __tablename__ = "recovery_case"
    __table_args__ = (
        CheckConstraint(f"state IN {CASE_STATES}", name="state"),
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_admins"),
        Index("uq_recovery_case_running", "person_id", unique=True, **_only_where(f"state IN {RUNNING}")),
        Index("ix_recovery_case_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    full_name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(254))
    norm: Mapped[str] = mapped_column(String(254), index=True)
    told: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="asked")
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    status_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the first link, later
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    evidence: Mapped[str] = mapped_column(Text, default="")
    second_evidence: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    ended_because: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    proved_at: Mapped[datetime | None]
    proposed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    effective_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # done, vetoed, refused or over
    expires_at: Mapped[datetime | None]  # of what was mailed last

    @property
    def entry_mailed_at(self) -> datetime | None:
        """When the link back in was mailed, while it waits to be used."""
        return self.expires_at - ENTRY_LIVES if self.state == "ready" and self.expires_at else None


class AddressDispute(Model):
    """An address that one account holds and another has just proved: a person decides (I7)."""

    __tablename__ = "address_dispute"
    __table_args__ = (
        CheckConstraint(f"state IN {DISPUTE_STATES}", name="state"),
        Index("uq_address_dispute_open", "claim_id", unique=True, **_only_where("state = 'open'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    address_id: Mapped[int] = mapped_column(ForeignKey("email_address.id"), index=True)  # of who holds it
    claim_id: Mapped[int] = mapped_column(ForeignKey("email_address.id"), index=True)  # of who has just proved it
    holder_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    claimant_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="open")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class DomainCheck(Model):
    """What the name servers said of a domain of addresses; only a clear no counts, and three on three days (R5)."""

    __tablename__ = "domain_check"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    refusals: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime] = mapped_column(default=clock.now)
    refused_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
