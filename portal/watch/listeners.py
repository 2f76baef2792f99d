"""What is counted when a profile is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.profiles.signals import profile_opened
from portal.watch import actions

if TYPE_CHECKING:
    from portal.core.access import Viewer


@profile_opened.connect
def opened(_sender: Any, *, viewer: Viewer, person_id: int) -> None:
    """By the hour (P3)."""
    actions.count_opening(person_id, by=viewer)
