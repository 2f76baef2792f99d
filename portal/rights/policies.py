"""Who may do what about a person's data: the person, and nobody for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.access import Viewer


def is_own(by: Viewer, person_id: int) -> bool:
    """A person's data is theirs to take, erase and join; no role reaches it."""
    return by.is_member and by.is_person(person_id)
