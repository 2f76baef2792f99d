"""What organisations announce upwards."""

from __future__ import annotations

from blinker import Signal

# Sent with organisation_id when what a firm is called, or who was there, changed by an admin's hand (search follows).
organisation_changed = Signal()
# Sent with domain when a mail domain has become a firm's, or is none any more (addresses there are sorted).
domain_changed = Signal()
