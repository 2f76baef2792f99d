"""What a member's own rights give to the house."""

from __future__ import annotations

from portal.core import limits
from portal.core.limits import DAY, HOUR, Rate
from portal.core.parts import Feature
from portal.core.settings import Setting
from portal.notifications import kinds
from portal.rights import jobs, listeners
from portal.rights.person_data import RightsData
from portal.rights.queries import STILL_RIGHT
from portal.rights.views import bp

limits.register(
    Rate("own_export", 5, DAY, "Copies of their own data a member may ask for"),
    Rate("join_accounts", 5, HOUR, "Links to another account of theirs a member may ask for", strict=True),
)

kinds.register(
    kinds.NotificationType(STILL_RIGHT, "Once a year: is my career still right?", icon="signpost-split", bell=False,
                           choices=(kinds.NOW, kinds.OFF)),
)  # fmt: skip

FEATURE = Feature(
    name="rights",
    blueprints=(bp,),
    settings=(
        Setting("merge_undo_days", 30, "Days in which joined accounts can be parted again", "Sign-in", low=1, high=90),
        Setting("still_right_per_day", 300, "Members a day who are asked whether their career is still right", "Mail",
                "Each once a year.", low=0, high=20_000),
        Setting("erasure_days", 14, "Days between asking for an erasure and the erasure", "Sign-in",
                "In these days signing in calls it off.", low=1, high=60),
    ),
    person_data=(RightsData(),),
)  # fmt: skip

__all__ = ["FEATURE", "jobs", "listeners"]
