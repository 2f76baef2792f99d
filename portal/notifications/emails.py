"""The mail of one notification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import mail, outbox
from portal.notifications import kinds, tokens
from portal.notifications.queries import PURPOSE

if TYPE_CHECKING:
    from portal.notifications.models import Notification


def send_notification(notification: Notification, address: str) -> None:
    """Say it, lead there through the site, and let one click end this kind of mail."""
    kind = kinds.type_of(notification.kind)
    off_url = mail.link("notifications.off", token=tokens.write(notification.person_id, notification.kind))
    written = mail.render_mail(
        "notifications/notification",
        title=notification.title,
        url=mail.link("notifications.open_", public_id=notification.public_id),
        reason=f"your settings send you “{kind.label}” by mail.",
        preview=kind.label,
        unsubscribe_url=off_url,
        preferences_url=mail.link("notifications.preferences"),
    )
    outbox.post_mail(
        f"notification.{notification.kind}", address, written.subject, written.text, written.html,
        person_id=notification.person_id, purpose=f"{PURPOSE}:{notification.id}",
        headers=mail.bulk_headers(
            list_name=notification.kind, off_url=off_url, thread=notification.group_key or None
        ),
    )  # fmt: skip
