"""The pages: one's copy of everything, and being gone."""

from __future__ import annotations

from portal.rights.views import erasing
from portal.rights.views.exporting import bp

__all__ = ["bp", "erasing"]
