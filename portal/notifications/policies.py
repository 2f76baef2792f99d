"""Who may be told what, and who may touch a member's notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_

from portal.notifications.models import Notification

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer


def can_notify(by: Viewer) -> bool:
    """Members cause notifications by what they do, the system by its jobs."""
    return by.is_member or by.system


def can_keep_own(by: Viewer, person_id: int | None) -> bool:
    """The list and the preferences are the member's own."""
    return by.is_member and by.is_person(person_id)


def own(viewer: Viewer) -> ColumnElement[bool]:
    """The viewer's own notifications, without those of people whom they don't meet any more."""
    mine = Notification.person_id == viewer.person_id
    if not viewer.blocks:
        return mine
    return and_(mine, or_(Notification.actor_id.is_(None), Notification.actor_id.not_in(viewer.blocks)))
