"""A hello is a first message that is relayed: no address is shown until the other says yes (P2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

OPEN, ACCEPTED, DECLINED, WITHDRAWN = "open", "accepted", "declined", "withdrawn"
STATES = (OPEN, ACCEPTED, DECLINED, WITHDRAWN)
SHORTEST, LONGEST = 5, 1000  # characters
IS_OPEN = text("state = 'open'")


class Hello(Model):
    """A first message from one member to another: open, then accepted, declined or taken back."""

    __tablename__ = "hello"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("low_id < high_id", name="ordered"),
        Index("uq_hello_open_pair", "low_id", "high_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_hello_recipient_id_id", "recipient_id", "id"),
        Index("ix_hello_sender_id_id", "sender_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    sender_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    low_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), index=True
    )  # the pair, whoever began: the lower key first
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    is_hidden: Mapped[bool] = mapped_column(default=False)  # a moderator took its words out
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_at: Mapped[datetime | None]

    sender: Mapped[Person] = related(foreign_keys=[sender_id])
    recipient: Mapped[Person] = related(foreign_keys=[recipient_id])
