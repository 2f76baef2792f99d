"""What careers announce upwards."""

from __future__ import annotations

from blinker import Signal

# Sent with person_id, organisation_id and by when nothing ties the person to the organisation any more (I5, I16).
last_tie_ended = Signal()
# Sent with person_id when positions or relations changed (search and pages follow).
career_changed = Signal()
