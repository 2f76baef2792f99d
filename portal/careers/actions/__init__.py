"""Writing careers: relations, positions, moves, and what is announced when a tie ends."""

from __future__ import annotations

from portal.careers.actions.assignments import add_assignment, remove_assignment
from portal.careers.actions.moves import declare_move, settle_moves, undo_move
from portal.careers.actions.positions import add_position, edit_position, remove_position
from portal.careers.actions.relations import end_relation, go_on_with_relation, record_relation
from portal.careers.actions.ties import announce_ended_ties

__all__ = [
    "add_assignment", "add_position", "announce_ended_ties", "declare_move", "edit_position", "end_relation", "go_on_with_relation",
    "record_relation", "remove_assignment", "remove_position", "settle_moves", "undo_move",
]  # fmt: skip
