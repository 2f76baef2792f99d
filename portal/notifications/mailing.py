"""The mail that follows a notification some minutes later, unless it was read meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.accounts.queries import primary_address
from portal.core import clock, settings
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.jobs import job
from portal.core.outbox import still_wanted
from portal.notifications import emails, kinds, queries
from portal.notifications.models import Notification
from portal.people.queries import lock_person

if TYPE_CHECKING:
    from portal.core.outbox import OutboxMail


@job("notifications.mail")
def mail_notification(notification_id: int) -> None:
    """Mail a notification that is still unread, wanted and readable; what is too much today is for the weekly letter."""
    found = _unread(notification_id)
    if found is None or found.mailed_at or not _may_be_told(found):
        return
    address = primary_address(found.person_id)
    if address is None:
        return
    if queries.paused_until(found.person_id) or not _has_room(found.person_id):
        found.deferred = True
        return
    found.mailed_at = clock.now()
    emails.send_notification(found, address)


@still_wanted()
def is_still_wanted(row: OutboxMail) -> bool:
    """Asked just before it goes out, which may be hours later: read, closed or turned off meanwhile means no mail (M1)."""
    what, _, notification_id = row.purpose.partition(":")
    if what != queries.PURPOSE:
        return True
    found = _unread(int(notification_id))
    return found is not None and not queries.paused_until(found.person_id) and _may_be_told(found)


def _unread(notification_id: int) -> Notification | None:
    found = select(Notification).where(Notification.id == notification_id, Notification.read_at.is_(None))
    return db.session.execute(found).scalar_one_or_none()


def _may_be_told(notification: Notification) -> bool:
    """Whether this member hears of this thing, chose to hear of its kind by mail now, and may still see it."""
    person_id, kind = notification.person_id, notification.kind
    if not kinds.known(kind) or queries.chosen(person_id, kind) != kinds.NOW:
        return False
    return queries.can_hear(person_id, notification.actor_id) and queries.is_readable(
        viewer_of(person_id), notification
    )


def _has_room(person_id: int) -> bool:
    """Whether the day has room for one more mail; the lock keeps two workers from both seeing the last place."""
    lock_person(person_id)
    cap: int = settings.get("notification_mails_per_day")
    return queries.mails_of_today(person_id) < cap
