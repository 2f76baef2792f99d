"""What boards do when somebody's shown name changes: mentions follow."""

from __future__ import annotations

from typing import Any

from portal.boards.recooking import recook_mentions
from portal.core.jobs import enqueue
from portal.people.signals import person_changed


@person_changed.connect
def recook(_sender: Any, *, person_id: int) -> None:
    """Mentions show the name of today, or none."""
    enqueue(recook_mentions, person_id)
