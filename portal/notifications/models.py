"""What a member was told, and how they want to hear of it by mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
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
    deferred: Mapped[bool] = mapped_column(default=False)  # wanted now, but too much for a day: for the weekly letter


class NotificationPreference(Model):
    """How a member wants a kind by mail: now, in the weekly letter, or not; without a row the kind's default holds."""

    __tablename__ = "notification_preference"
    __table_args__ = (CheckConstraint("choice IN ('now','weekly','off')", name="choice"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    choice: Mapped[str] = mapped_column(String(6))
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class MailPause(Model):
    """Nothing but security mail until then; the site goes on telling."""

    __tablename__ = "mail_pause"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    until: Mapped[datetime]
    since: Mapped[datetime] = mapped_column(default=clock.now)
