"""What advocates announce upwards; who listens stops what is in flight, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blinker import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

# Sent with person_id, because ("flag" | "pause") and by when an advocate must not be called on from now on (A3).
paused = Signal()

# Asked with a person's id for the id of who stands in for them; others know who that is (A6).
deputies: list[Callable[[int], int | None]] = []
