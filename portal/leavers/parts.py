"""What leavers give to the house."""

from __future__ import annotations

from portal.core import limits
from portal.core.limits import DAY, Rate
from portal.core.parts import Feature, NavItem
from portal.leavers import jobs, listeners, policies
from portal.leavers.person_data import LeaverData
from portal.leavers.views import bp

limits.register(Rate("leavers", 200, DAY, "Leavers one person may announce"))

FEATURE = Feature(
    name="leavers",
    blueprints=(bp,),
    nav=(
        NavItem("Leavers", "leavers.index", "signpost-split", 3, section="admin", group="Community", shown=policies.can_announce),
        NavItem("Leavers", "leavers.index", "signpost-split", 81, section="own",
                shown=lambda viewer: policies.can_announce(viewer) and not viewer.has_role("admin")),
    ),
    person_data=(LeaverData(),),
)  # fmt: skip

__all__ = ["FEATURE", "jobs", "listeners"]
