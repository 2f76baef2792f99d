"""The pages: one's copy of everything."""

from __future__ import annotations

from portal.rights.views.exporting import bp

__all__ = ["bp"]
