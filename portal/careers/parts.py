"""What careers give to the house."""

from __future__ import annotations

from portal.careers import jobs, listeners, queries
from portal.careers.person_data import CareerData
from portal.careers.views import bp
from portal.core import access
from portal.core.parts import Feature, NavItem

access.contribute(queries.facts)

FEATURE = Feature(
    name="careers",
    blueprints=(bp,),
    nav=(
        NavItem("Career", "careers.career", "briefcase", 20, section="settings"),
        NavItem("I have moved", "careers.moved", "signpost-split", 20, section="own"),
    ),
    person_data=(CareerData(),),
)

__all__ = ["FEATURE", "jobs", "listeners"]
