"""What remembering gives to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from portal.core import limits
from portal.core.limits import HOUR, Rate
from portal.core.parts import Feature, NavItem, TaskCard
from portal.memorials import policies, queries
from portal.memorials.person_data import MemorialData
from portal.memorials.views import bp

if TYPE_CHECKING:
    from portal.core.access import Viewer

limits.register(Rate("family", 5, HOUR, "Requests of families from one place", strict=True))


def waiting(viewer: Viewer) -> list[TaskCard]:
    """Admins see what a family asks, and what waits for a second word."""
    if not viewer.has_role("admin"):
        return []
    unconfirmed = [row for row in queries.open_ones() if row.confirmed_at is None and policies.can_confirm(viewer, row)]
    number = len(unconfirmed) + len(queries.requests())
    words = "A family, or the memory of a member, waits for you"
    return [TaskCard(words, url_for("memorials.index"), number, icon="flower1")] if number else []


FEATURE = Feature(
    name="memorials",
    blueprints=(bp,),
    nav=(
        NavItem("Remembered", "memorials.index", "flower1", 4, section="admin", group="Community", shown=policies.can_tend),
        NavItem("Remembered", "memorials.index", "flower1", 82, section="own",
                shown=lambda viewer: policies.can_tend(viewer) and not viewer.has_role("admin")),
    ),
    tasks=(waiting,),
    person_data=(MemorialData(),),
)  # fmt: skip
