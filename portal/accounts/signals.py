"""What accounts announce upwards."""

from __future__ import annotations

from blinker import Signal

# Sent with person_id and by when a person took the account.
claimed = Signal()
