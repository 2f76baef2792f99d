"""What advocates announce upwards; who listens stops what is in flight, in the same transaction."""

from __future__ import annotations

from blinker import Signal

# Sent with person_id, because ("flag" | "pause") and by when an advocate must not be called on from now on (A3).
paused = Signal()
