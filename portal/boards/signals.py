"""What boards announce upwards."""

from __future__ import annotations

from blinker import Signal

# Sent with post and by when a post waits for a moderator.
post_held = Signal()
