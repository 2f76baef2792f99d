"""What advocates give to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.advocates import cli, jobs, listeners, policies, queries
from portal.advocates.person_data import AdvocateData
from portal.advocates.queries import nominations
from portal.advocates.queries.clocks import due
from portal.advocates.views import keeping, mine
from portal.advocates.views import nominations as nominating
from portal.core import access, limits
from portal.core.limits import DAY, Rate
from portal.core.parts import Deadline, Feature, NavItem, TaskCard
from portal.core.settings import Setting
from portal.notifications import kinds

if TYPE_CHECKING:
    from sqlalchemy import Row

    from portal.core.access import Viewer

access.contribute(queries.facts)
GROUP = "Advocates"
limits.register(Rate("nominations", 20, DAY, "Nominations by one member"))
kinds.register(
    kinds.NotificationType("nomination", "Nominations that concern me", icon="megaphone",
                           still_readable=nominations.readable),
    kinds.NotificationType("advocate_invitation", "I am invited to be an advocate", icon="megaphone"),
    kinds.NotificationType("consented_move", "Somebody has moved and says what may happen", icon="signpost-split",
                           concerns=lambda viewer: viewer.has_role("manager", "admin")),
    kinds.NotificationType("advocate_flag", "A flag on an advocate is mine to close", icon="flag",
                           concerns=policies.can_close_flag),
)  # fmt: skip


def tasks(viewer: Viewer) -> list[TaskCard]:
    """A nomination waits for the member's own word."""
    public_id = nominations.waiting_for(viewer) if viewer.is_member else None
    return (
        [TaskCard("You are nominated as an advocate", f"/nominations/{public_id}", icon="megaphone")]
        if public_id
        else []
    )


def clocks(viewer: Viewer, limit: int, *, mine: bool = False) -> list[Deadline]:
    """Nominations without a first contact, and open flags, for those who tend them."""
    may = (("nomination", policies.can_tend(viewer)), ("flag", policies.can_close_flag(viewer)))
    found = due(viewer, tuple(sort for sort, allowed in may if allowed), limit, mine=mine)
    return sorted(map(_deadline, found), key=lambda one: one.due_at)[:limit]


def _deadline(row: Row[Any]) -> Deadline:
    if row.what == "flag":
        return Deadline("Flag", row.name, "/programme/flags", row.due_at, "Talk with them, then close it",
                        row.owner or "", row.created_at, "/programme/flags")  # fmt: skip
    return Deadline("Nomination", row.name, f"/nominations/{row.public_id}", row.due_at, "Make the first contact",
                    row.owner or "", row.created_at, "/programme/nominations")  # fmt: skip


def _is_admin(viewer: Viewer) -> bool:
    return viewer.has_role("admin")


FEATURE = Feature(
    name="advocates",
    blueprints=(mine.bp, nominating.bp, keeping.bp),
    commands=(cli.invite_advocates,),
    nav=(
        NavItem("Advocate", "advocates.mine", "megaphone", 50, section="settings", prefix=("advocates.", "asks.")),
        NavItem("Acts of advocates", "acts.index", "megaphone", 9, shown=_is_admin, section="admin", prefix="acts.",
                group="House"),
        NavItem("Nominations", "nominations.index", "megaphone", 30, shown=policies.sees_everybody, section="advocates"),
        NavItem("Flags", "acts.flags", "flag", 40, shown=policies.can_close_flag, section="advocates", prefix="acts.flags"),
        NavItem("Acts", "acts.index", "list-check", 50, shown=policies.can_keep_acts, section="advocates",
                prefix="acts.index"),
    ),
    settings=(
        Setting("check_in_call_days", 14, "Days that a check-in holds for calls", GROUP, low=1, high=90),
        Setting("check_in_other_days", 90, "Days that a check-in holds for other acts", GROUP, low=1, high=365),
        Setting("check_in_link_days", 14, "Days that a mailed check-in can be answered", GROUP, low=1, high=60),
        Setting("nomination_contact_days", 2, "Working days until a nomination’s first contact", GROUP, low=1, high=20),
        Setting("nomination_alarm_days", 7, "Working days until a nomination’s alarm", GROUP, low=1, high=60),
        Setting("programme_minutes", 60, "Minutes until the programme’s pages ask again who you are", "Sign-in",
                low=5, high=720),
    ),
    person_data=(AdvocateData(),),
    tasks=(tasks,),
    clocks=(clocks,),
)  # fmt: skip

__all__ = ["FEATURE", "jobs", "listeners"]
