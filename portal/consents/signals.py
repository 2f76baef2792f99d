"""What consents announce upwards."""

from __future__ import annotations

from blinker import Signal

# Sent with person_id, kind and by when somebody took a consent back: what rests on it stops in the same transaction.
consent_withdrawn = Signal()
# Sent with by when the wordings that come with the portal were put in place: features put theirs beside them.
wordings_set_up = Signal()
