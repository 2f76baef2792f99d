"""Writing: copies of one's data, erasures, joined accounts."""

from __future__ import annotations

from portal.rights.actions.exporting import ask_for_export, drop_export, finish_export

__all__ = ["ask_for_export", "drop_export", "finish_export"]
