"""What notifications give to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.parts import Feature, NavItem
from portal.core.settings import Setting
from portal.notifications import jobs, queries, views
from portal.notifications.letter import Told
from portal.notifications.person_data import NotificationData

if TYPE_CHECKING:
    from flask import Flask


def init(app: Flask) -> None:
    """The bell's number on every page; mail programs unsubscribe without our form's token."""
    app.extensions["badge"] = queries.unread_count
    app.extensions["csrf"].exempt(views.turn_off)


GROUP = "Notifications"
SETTINGS = (
    Setting("notification_mail_minutes", 10, "Minutes before a notification is mailed", GROUP,
            "Whoever reads it on the site meanwhile gets no mail.", low=0, high=1440),
    Setting("notification_mails_per_day", 20, "Notification mails a day", GROUP,
            "For one member; security mail is extra.", low=0, high=200),
    Setting("notification_group_minutes", 120, "Minutes within which they are grouped", GROUP, low=0, high=1440),
    Setting("notification_days", 180, "Days that notifications are kept", GROUP, low=7, high=3650),
)  # fmt: skip
FEATURE = Feature(
    name="notifications",
    blueprints=(views.bp,),
    nav=(
        NavItem(
            "Notifications",
            "notifications.preferences",
            "bell",
            40,
            section="settings",
            prefix="notifications.preferences",
        ),
    ),
    settings=SETTINGS,
    person_data=(NotificationData(),),
    letter_parts=(Told(),),
    init=init,
)

__all__ = ["FEATURE", "jobs"]
