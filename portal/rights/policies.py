"""Who may do what about a person's data: the person, and nobody for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.policies import calm_ends, is_calm
from portal.core import clock

if TYPE_CHECKING:
    from portal.core.access import Viewer


def is_own(by: Viewer, person_id: int) -> bool:
    """A person's data is theirs to take, erase and join; no role reaches it."""
    return by.is_member and by.is_person(person_id)


def may_part(by: Viewer) -> bool:
    """For a week an account that two admins gave back exports nothing, joins with no other and is not erased (R14)."""
    return not is_calm(by, clock.now())


def calm(by: Viewer) -> str:
    """Why not yet, and from when on, in the person's own time; nothing where there is no such week."""
    if may_part(by):
        return ""
    return (
        f"This account was given back less than a week ago. From {calm_ends(by, by.timezone)} on, "
        "you can take your data along, join this account with another one, or have it erased."
    )


def calm_other(other: Viewer, by: Viewer) -> str:
    """The same of the account that is to be joined with the person's own."""
    if may_part(other):
        return ""
    ends = calm_ends(other, by.timezone)
    return f"The other account was given back less than a week ago. From {ends} on, it can be joined with this one."
