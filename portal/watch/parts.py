"""What watching over the directory gives to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from portal.core.parts import Feature, NavItem, TaskCard
from portal.core.settings import Setting
from portal.notifications import kinds
from portal.watch import jobs, listeners, policies, queries
from portal.watch.person_data import WatchData
from portal.watch.views import bp

if TYPE_CHECKING:
    from portal.core.access import Viewer

kinds.register(
    kinds.NotificationType("reading_alert", "Somebody reads very many profiles", icon="eye",
                           concerns=lambda viewer: viewer.has_role("admin")),
)  # fmt: skip


def noticed(viewer: Viewer) -> list[TaskCard]:
    """Admins look into it."""
    number = len(queries.alerts()) if viewer.has_role("admin") else 0
    return (
        [TaskCard("Look into how somebody reads the directory", url_for("watch.index"), number, icon="eye")]
        if number
        else []
    )


FEATURE = Feature(
    name="watch",
    blueprints=(bp,),
    nav=(NavItem("Reading", "watch.index", "eye", 5, section="admin", group="Community", shown=policies.can_watch),),
    settings=(
        Setting("directory_hourly_profiles", 60, "Profiles a member may open in an hour", "People pages",
                "Then the next hour; admins are told.", low=1, high=10_000),
    ),
    tasks=(noticed,),
    person_data=(WatchData(),),
)  # fmt: skip

__all__ = ["FEATURE", "jobs", "listeners"]
