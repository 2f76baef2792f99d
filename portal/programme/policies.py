"""Whose day is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.access import Viewer


def has_day(by: Viewer) -> bool:
    """Staff, sellers, managers and admins find their day here; for everybody else there is no such page."""
    return by.has_role("staff", "seller", "manager", "admin")
