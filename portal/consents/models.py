"""Legal texts in versions, and consents: rows are added and never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model

KINDS = ("terms", "privacy", "imprint")
ACCEPTED = ("terms", "privacy")  # what a member says yes to before going on
ACT = "act:"  # before the key of an act: the wording by which an advocate agrees to it


class LegalText(Model):
    """One version of the terms, the privacy notice, the imprint or an act's wording; a new version is a new row."""

    __tablename__ = "legal_text"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS} OR substr(kind, 1, {len(ACT)}) = '{ACT}'", name="kind"),
        Index("uq_legal_text_kind_version", "kind", "version", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class Consent(Model):
    """Somebody agreed to a wording, or took it back: when, how, until when; the newest row of a kind counts."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("state IN ('given','withdrawn')", name="state"),
        Index("ix_consent_person_kind", "person_id", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))  # terms, privacy, or what a feature asks
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="given")
    how: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    until: Mapped[datetime | None]
