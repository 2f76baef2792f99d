"""The pages: one's copy of everything, being gone, two accounts made one, the yearly question."""

from __future__ import annotations

from portal.rights.views import asking, erasing, joining
from portal.rights.views.exporting import bp

__all__ = ["asking", "bp", "erasing", "joining"]
