"""Who may do what about a person's data: the person, and nobody for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.policies import is_calm
from portal.core import clock

if TYPE_CHECKING:
    from portal.core.access import Viewer

CALM = (
    "This account was given back a few days ago. Until a week is over it takes nothing along and joins with no other."
)


def is_own(by: Viewer, person_id: int) -> bool:
    """A person's data is theirs to take, erase and join; no role reaches it."""
    return by.is_member and by.is_person(person_id)


def may_carry_away(by: Viewer) -> bool:
    """For a week an account that two admins gave back exports nothing and joins with no other (R14)."""
    return not is_calm(by, clock.now())
