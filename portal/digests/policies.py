"""Who writes letters, and who looks at one beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.access import Viewer


def can_write(by: Viewer) -> bool:
    """Letters are written by the system, at their hour."""
    return by.system


def can_look(by: Viewer) -> bool:
    """A member looks at their own next letter."""
    return by.is_member
