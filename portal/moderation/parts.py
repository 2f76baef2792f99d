"""What moderation gives to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import access, limits
from portal.core.jinja import plural
from portal.core.limits import DAY, Rate
from portal.core.parts import Feature, NavItem, TaskCard
from portal.core.settings import Setting
from portal.moderation import guidelines, jobs, listeners, lists, policies, queries
from portal.moderation.person_data import ModerationData
from portal.moderation.profiles import ReportableProfiles
from portal.moderation.views import bp
from portal.notifications.kinds import NotificationType
from portal.notifications.kinds import register as register_kinds

if TYPE_CHECKING:
    from portal.core.access import Viewer

access.contribute(queries.facts)
limits.register(Rate("report", 20, DAY, "Reports a member may send"))
register_kinds(
    NotificationType("moderation", "A moderator's decision about what I wrote", icon="shield-exclamation", letter=True),
    NotificationType("report", "What came of what I reported", icon="flag"),
    NotificationType(
        "moderators", "Something waits for me as a moderator", icon="shield-check", concerns=policies.is_moderator
    ),
)


def waiting(viewer: Viewer) -> int:
    """How much waits for this moderator."""
    return sum(lists.waiting_counts(viewer).values())


def asked(viewer: Viewer) -> list[TaskCard]:
    """What is asked of a moderator today."""
    count = waiting(viewer)
    if not count:
        return []
    return [TaskCard(f"{plural(count, 'thing')} for you to moderate", "/moderation", count, icon="shield-check")]


FEATURE = Feature(
    name="moderation",
    blueprints=(bp,),
    nav=(
        NavItem("Moderation", "moderation.queue", "shield-check", 80, shown=policies.has_queue, badge=waiting),
        NavItem("My standing", "moderation.standing", "person-check", 60, section="own", prefix="moderation.standing"),
    ),
    settings=(
        Setting("guidelines", guidelines.DEFAULT, "The rules of this house", "Moderation", "Markdown.", multiline=True),
        Setting("appeal_days", 30, "Days to appeal", "Moderation", low=7, high=365),
        Setting("claim_minutes", 30, "Minutes that a case stays taken", "Moderation", low=5, high=480),
        Setting(
            "trusted_days",
            30,
            "Days until a member is trusted",
            "Moderation",
            "Without a decision against them.",
            low=0,
            high=365,
        ),
    ),
    tasks=(asked,),
    person_data=(ModerationData(),),
    reportables=(ReportableProfiles(),),
)

__all__ = ["FEATURE", "jobs", "listeners"]
