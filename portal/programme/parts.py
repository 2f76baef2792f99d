"""What the programme gives to the house."""

from __future__ import annotations

from portal.core.parts import Feature, NavItem
from portal.programme import policies
from portal.programme.gathering import late
from portal.programme.views import bp

FEATURE = Feature(
    name="programme",
    blueprints=(bp,),
    nav=(
        NavItem("Programme", "programme.day", "compass", 85, shown=policies.has_day,
                prefix=("programme.", "pipeline.")),
        NavItem("Your day", "programme.day", "compass", 10, shown=policies.has_day, section="pipeline"),
    ),
    tasks=(late,),
)  # fmt: skip
