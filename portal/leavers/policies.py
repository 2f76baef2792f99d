"""Who announces that somebody leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.access import Viewer


def can_announce(by: Viewer) -> bool:
    """Staff and admins of the host, who part with a colleague."""
    return by.system or by.has_role("staff", "admin")
