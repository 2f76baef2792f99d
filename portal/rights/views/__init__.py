"""The pages: one's copy of everything, being gone, two accounts made one."""

from __future__ import annotations

from portal.rights.views import erasing, joining
from portal.rights.views.exporting import bp

__all__ = ["bp", "erasing", "joining"]
