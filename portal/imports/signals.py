"""What imports announce upwards."""

from __future__ import annotations

from blinker import Signal

# Sent with person_id, ends_on, work and own (addresses or None) and by for each last day at the host that lies ahead, when the
# admin asked for it: whoever announces leavers goes on from here.
exit_read = Signal()
# Sent with people (ids), since and by when an import that announced exits is taken back.
exits_taken_back = Signal()
