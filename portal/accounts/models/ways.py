"""Ways in that need no mailbox: passkeys, and sign-ins of other providers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId


class Passkey(Model):
    """A key that a phone, computer or stick of the person keeps (WebAuthn); only its public half is here."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    key_id: Mapped[str] = mapped_column(String(1400), unique=True)  # as the authenticator names it, base64url
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    is_synced: Mapped[bool] = mapped_column(
        default=False
    )  # kept by the maker's cloud too, so a lost phone loses nothing
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class SpentChallenge(Model):
    """A question that a passkey has answered; the same answer is not taken twice."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class ProviderSignIn(Model):
    """A sign-in of another provider that its owner connected; keyed by issuer and subject, never by an address (R12)."""

    __tablename__ = "provider_sign_in"
    __table_args__ = (
        Index("uq_provider_sign_in_subject", "issuer", "subject", unique=True),
        Index("uq_provider_sign_in_person", "person_id", "issuer", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    label: Mapped[str] = mapped_column(String(254), default="")  # what the provider calls it, for its owner's eyes
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]
