"""What the directory does when a profile is opened, and what it adds to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.directory import actions, queries
from portal.profiles.signals import profile_opened, reasons

if TYPE_CHECKING:
    from portal.core.access import Viewer


@profile_opened.connect
def meter(_sender: Any, *, viewer: Viewer, person_id: int) -> None:
    """Reading is metered (P3)."""
    actions.count_reading(person_id, by=viewer)


def time_together(viewer: Viewer, person_id: int) -> list[str]:
    """When the viewer and the person were colleagues, for the profile's page."""
    together = queries.shared_with(viewer, person_id)
    return [together] if together else []


if time_together not in reasons:
    reasons.append(time_together)
