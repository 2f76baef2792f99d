"""What a member was told, and which kinds they want by mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId


class Notification(Model):
    """One line in a member's list; `count` tells how many events stand behind it."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_person_updated", "person_id", "updated_at", "id"),
        # The badge and the grouping look at unread ones only.
        Index("ix_notification_unread", "person_id", "kind", "group_key", sqlite_where=text("read_at IS NULL"),
              postgresql_where=text("read_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))
    group_key: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(500))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    count: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]


class NotificationPreference(Model):
    """Whether a member wants a kind by mail; without a row the kind's default holds."""

    __tablename__ = "notification_preference"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    by_mail: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
