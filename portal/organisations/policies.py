"""Who may write organisations."""

from __future__ import annotations

from portal.core.access import Viewer


def can_name(by: Viewer) -> bool:
    """Members name organisations in their careers; naming one that is not here yet makes it."""
    return by.is_member or by.system


def can_keep(by: Viewer) -> bool:
    """Admins keep aliases, domains and hierarchy."""
    return by.system or by.has_role("admin")
