"""Who looks after the reading of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.access import Viewer


def can_watch(by: Viewer) -> bool:
    """Admins."""
    return by.system or by.has_role("admin")
