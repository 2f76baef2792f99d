"""Who may publish wordings and agree to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.access import Viewer


def can_publish(by: Viewer) -> bool:
    """Admins publish the host's wordings."""
    return by.system or by.has_role("admin")


def can_agree(by: Viewer, person_id: int) -> bool:
    """Nobody agrees for somebody else; the system records what was said by a visitor who claimed."""
    return by.system or by.is_person(person_id)
