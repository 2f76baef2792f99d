"""What profiles announce upwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blinker import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.access import Viewer

# Sent with viewer and person_id before somebody else's profile page is shown to a member; reading is metered by
# whoever listens (P3), who may raise TooMany.
profile_opened = Signal()
# Sent with person_id and by when fields, photo or audiences changed.
profile_changed = Signal()

# What two members have in common, in sentences for the profile page: (viewer, person_id) -> sentences.
reasons: list[Callable[[Viewer, int], list[str]]] = []
