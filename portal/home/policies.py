"""Who may arrange a home page."""

from __future__ import annotations

from portal.core.access import Viewer


def can_arrange(by: Viewer) -> bool:
    """A home page is its member's own."""
    return by.is_member
