"""What hellos and blocks give to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.jinja import plural
from portal.core.parts import Feature, NavItem, TaskCard
from portal.core.settings import Setting
from portal.messages import actions, queries, views
from portal.messages.person_data import HelloData
from portal.messages.reportable import ReportableHellos
from portal.notifications import kinds

if TYPE_CHECKING:
    from portal.core.access import Viewer

GROUP = "Hellos"


def waiting(viewer: Viewer) -> list[TaskCard]:
    """Hellos that wait for an answer."""
    count = queries.waiting_for(viewer) if viewer.is_member else 0
    label = f"{plural(count, 'person says', 'people say')} hello to you"
    return [TaskCard(label, actions.HELLOS, count, icon="chat-dots")] if count else []


kinds.register(
    kinds.NotificationType("hello", "Somebody says hello to me", mail_minutes=2, icon="chat-dots",
                           still_readable=queries.still_readable, nouns=("hello", "hellos"), order=20),
    kinds.NotificationType("hello_accepted", "Somebody accepts my hello", icon="person-check",
                           still_readable=queries.still_readable, nouns=("answer", "answers"), order=25,
                           hint="From then on you see how to reach each other."),
)  # fmt: skip

FEATURE = Feature(
    name="messages",
    blueprints=(views.bp,),
    nav=(NavItem("Blocks", "messages.blocks", "person-slash", 60, section="settings", prefix="messages.block"),),
    settings=(
        Setting("hellos_per_day", 10, "Hellos a day", GROUP, low=1, high=200),
        Setting(
            "hellos_per_day_new", 5, "Hellos a day of a new member", GROUP, "In the first three days.", low=0, high=200
        ),
        Setting("hello_rest_days", 90, "Days before one says hello again after “not now”", GROUP, low=0, high=3650),
    ),
    person_data=(HelloData(),),
    reportables=(ReportableHellos(),),
    tasks=(waiting,),
)
