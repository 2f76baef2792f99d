"""The mail that follows a notification some minutes later, unless it was read meanwhile."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.queries import primary_address
from portal.core import clock, settings
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.jobs import job
from portal.notifications import emails, kinds, queries
from portal.notifications.models import Notification


@job("notifications.mail")
def mail_notification(notification_id: int) -> None:
    """Mail a notification that is still unread, wanted and readable; never to somebody who stepped back."""
    found = db.session.execute(select(Notification).where(Notification.id == notification_id)).scalar_one_or_none()
    if found is None or found.read_at or found.mailed_at or not _is_due(found):
        return
    address = primary_address(found.person_id)
    if address is not None:
        found.mailed_at = clock.now()
        emails.send_notification(found, address)


def _is_due(notification: Notification) -> bool:
    person_id = notification.person_id
    return (
        kinds.known(notification.kind)
        and queries.can_hear(person_id, notification.actor_id)
        and queries.wants_mail(person_id, notification.kind)
        and queries.mails_of_today(person_id) < settings.get("notification_mails_per_day")
        and queries.is_readable(viewer_of(person_id), notification)
    )
