"""What careers announce upwards, and what they ask there before a firm is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blinker import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

# Sent with person_id, organisation_id and by when nothing ties the person to the organisation any more (I5, I16).
last_tie_ended = Signal()
# Sent with person_id when positions or relations changed (search and pages follow).
career_changed = Signal()
# Sent with move and by when a person declared a move.
moved = Signal()

# Sent with move, a day after it was declared and once its day has come, when it was not taken back and the person ticked what may happen (A10).
move_settled = Signal()

# Asked with (person_id, organisation_id) before the last tie to a firm ends by the person's own hand: what will happen,
# and what must be done first (I5: another verified address, password or passkey). Each answers with sentences.
move_consequences: list[Callable[[int, int], list[str]]] = []
move_blockers: list[Callable[[int, int], list[str]]] = []
