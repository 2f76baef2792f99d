"""What profiles give to the house."""

from __future__ import annotations

from portal.core.parts import Feature, NavItem
from portal.profiles import listeners, models, photos
from portal.profiles.person_data import ProfileData
from portal.profiles.tasks import first_steps
from portal.profiles.views import bp

FEATURE = Feature(
    name="profiles",
    blueprints=(bp,),
    nav=(
        NavItem("Your profile", "profiles.mine", "person-circle", 10, section="own"),
        NavItem("Profile", "profiles.edit", "person", 10, section="settings"),
    ),
    first_steps=(first_steps,),
    person_data=(ProfileData(),),
)

__all__ = ["FEATURE", "listeners", "models", "photos"]
