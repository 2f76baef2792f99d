"""What a member's own rights give to the house."""

from __future__ import annotations

from portal.core import limits
from portal.core.limits import DAY, Rate
from portal.core.parts import Feature
from portal.rights import jobs
from portal.rights.person_data import RightsData
from portal.rights.views import bp

limits.register(Rate("own_export", 5, DAY, "Copies of their own data a member may ask for"))

FEATURE = Feature(name="rights", blueprints=(bp,), person_data=(RightsData(),))

__all__ = ["FEATURE", "jobs"]
