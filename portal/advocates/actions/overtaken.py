"""What was told and is over counts as read: no mail says some minutes later what is not so any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.notifications.actions import read_for
from portal.people.queries import holders

if TYPE_CHECKING:
    from portal.core.access import Viewer

INVITATION = "advocate:invitation"


def nomination_went_on(public_id: str, *told: int | None, by: Viewer) -> None:
    """A nomination has another state: of those it was told to, and the managers, who hear of alarms."""
    people = {one for one in told if one is not None} | {person.id for person in holders("manager")}
    read_for(people, "nomination", f"nomination:{public_id}", by=by)


def invitation_answered(person_id: int, *, by: Viewer) -> None:
    """Who was asked to opt in has said yes or no."""
    read_for({person_id}, "advocate_invitation", INVITATION, by=by)


def flag_closed(public_id: str, owner_id: int | None, *, by: Viewer) -> None:
    """Nothing is left to do about a flag."""
    read_for({owner_id} if owner_id is not None else set(), "advocate_flag", f"flag:{public_id}", by=by)
