"""Writing imports: files taken, planned, applied, taken back; questions and proposals answered."""

from __future__ import annotations

from portal.imports.actions.answers import accept_link, accept_match, accept_position, decline, reject_match
from portal.imports.actions.files import choose, drop, read_anew, refuse, start_import
from portal.imports.actions.running import (
    apply_more,
    begin_apply,
    begin_undo,
    keep_batch,
    move_on,
    plan_more,
    undo_more,
)

__all__ = [
    "accept_link", "accept_match", "accept_position", "apply_more", "begin_apply", "begin_undo", "choose", "decline",
    "drop", "keep_batch", "move_on", "plan_more", "read_anew", "refuse", "reject_match", "start_import", "undo_more",
]  # fmt: skip
