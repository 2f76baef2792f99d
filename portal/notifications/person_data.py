"""What notifications keep about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, or_, select, update

from portal.core.db import db, rows
from portal.notifications.models import MailPause, Notification, NotificationPreference
from portal.notifications.queries import paused_until, preferences


class NotificationData:
    """The list behind the bell, and the choices of what comes by mail."""

    tables: tuple[str, ...] = ("notification", "notification_preference", "mail_pause")

    def count(self, person_id: int) -> int:
        """How many rows are about the person."""
        return db.session.execute(select(func.count()).where(Notification.person_id == person_id)).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """What the person was told and what they chose."""
        columns = (
            Notification.kind,
            Notification.title,
            Notification.url,
            Notification.updated_at,
            Notification.read_at,
        )
        told = rows(select(*columns).where(Notification.person_id == person_id).order_by(Notification.id))
        return {
            "notifications": [dict(row._mapping) for row in told],
            "by_mail": preferences(person_id),
            "no_mail_until": paused_until(person_id),
        }

    def move(self, old_id: int, new_id: int) -> None:
        """The surviving person keeps their own choices and gets the other's list."""
        db.session.execute(update(Notification).where(Notification.person_id == old_id).values(person_id=new_id))
        db.session.execute(update(Notification).where(Notification.actor_id == old_id).values(actor_id=new_id))
        self._forget_choices(old_id)

    def erase(self, person_id: int) -> None:
        """The person's list goes, and every line elsewhere that names them."""
        about = or_(Notification.person_id == person_id, Notification.actor_id == person_id)
        db.session.execute(delete(Notification).where(about))
        self._forget_choices(person_id)

    def _forget_choices(self, person_id: int) -> None:
        for table in (NotificationPreference, MailPause):
            db.session.execute(delete(table).where(table.person_id == person_id))
