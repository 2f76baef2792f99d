"""Writing: copies of one's data, erasures, joined accounts."""

from __future__ import annotations

from portal.rights.actions.erasing import ask_for_erasure, call_off, carry_out, erase_again, erase_person, remind
from portal.rights.actions.exporting import ask_for_export, drop_export, finish_export

__all__ = [
    "ask_for_erasure", "ask_for_export", "call_off", "carry_out", "drop_export", "erase_again", "erase_person", "finish_export",
    "remind",
]  # fmt: skip
