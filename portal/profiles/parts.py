"""What profiles give to the house."""

from __future__ import annotations

from portal.core.parts import Feature, NavItem, Reindexing
from portal.profiles import listeners, models, photos
from portal.profiles.person_data import ProfileData
from portal.profiles.tasks import first_steps
from portal.profiles.terms import index_again
from portal.profiles.views import bp

FEATURE = Feature(
    name="profiles",
    blueprints=(bp,),
    reindexing=(Reindexing("people", index_again),),
    nav=(
        NavItem("Your profile", "profiles.mine", "person-circle", 10, section="own"),
        NavItem("Profile", "profiles.edit", "person", 10, section="settings"),
    ),
    first_steps=(first_steps,),
    person_data=(ProfileData(),),
)

__all__ = ["FEATURE", "listeners", "models", "photos"]
