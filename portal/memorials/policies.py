"""Who may say that somebody died, and who confirms it: never one alone (R19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.memorials.models import Memorial


def can_tend(by: Viewer) -> bool:
    """Admins and staff of the host."""
    return by.has_role("admin", "staff")


def can_propose(by: Viewer, person_id: int) -> bool:
    """Not of oneself."""
    return can_tend(by) and not by.is_person(person_id)


def can_confirm(by: Viewer, memorial: Memorial) -> bool:
    """Another one than who proposed it."""
    return can_propose(by, memorial.person_id) and not by.is_person(memorial.proposed_by_id)
