"""What boards announce upwards."""

from __future__ import annotations

from blinker import Signal

# Sent with post and by when a post waits for a moderator.
post_held = Signal()
# Sent with post, before (its state until now) and by when a post is shown, hidden, let through or taken back.
post_state_changed = Signal()
