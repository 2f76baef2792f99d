"""What a member's own rights give to the house."""

from __future__ import annotations

from portal.core import limits
from portal.core.limits import DAY, HOUR, Rate
from portal.core.parts import Feature
from portal.core.settings import Setting
from portal.rights import jobs, listeners
from portal.rights.person_data import RightsData
from portal.rights.views import bp

limits.register(
    Rate("own_export", 5, DAY, "Copies of their own data a member may ask for"),
    Rate("join_accounts", 5, HOUR, "Links to another account of theirs a member may ask for", strict=True),
)

FEATURE = Feature(
    name="rights",
    blueprints=(bp,),
    settings=(
        Setting("merge_undo_days", 30, "Days in which joined accounts can be parted again", "Sign-in", low=1, high=90),
        Setting("erasure_days", 14, "Days between asking for an erasure and the erasure", "Sign-in",
                "In these days signing in calls it off.", low=1, high=60),
    ),
    person_data=(RightsData(),),
)  # fmt: skip

__all__ = ["FEATURE", "jobs", "listeners"]
