"""Who may be told what, and who may touch a member's notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, literal, or_

from portal.notifications.models import Notification
from portal.people.policies import apart

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
    return owned_by(literal(viewer.person_id))


def owned_by(person_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same by a column or parameter."""
    return and_(
        Notification.person_id == person_id,
        or_(Notification.actor_id.is_(None), ~apart(person_id, Notification.actor_id)),
    )
