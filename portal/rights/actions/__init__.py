"""Writing: copies of one's data, erasures, joined accounts."""

from __future__ import annotations

from portal.rights.actions.asking import answer_moved, answer_right, ask_still_right
from portal.rights.actions.erasing import ask_for_erasure, call_off, carry_out, erase_again, erase_person, remind
from portal.rights.actions.exporting import ask_for_export, drop_export, finish_export, take_export
from portal.rights.actions.joining import ask_to_join, join, make_final, prove, undo_join

__all__ = [
    "answer_moved", "answer_right", "ask_for_erasure", "ask_for_export", "ask_still_right", "ask_to_join", "call_off",
    "carry_out", "drop_export", "erase_again", "erase_person", "finish_export", "join", "make_final", "prove", "remind",
    "take_export", "undo_join",
]  # fmt: skip
