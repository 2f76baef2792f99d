"""What careers do when a tie to the host ends: the host's roles end at once (I16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.careers.signals import last_tie_ended
from portal.organisations.queries import host
from portal.people.actions import end_staff_roles

if TYPE_CHECKING:
    from portal.core.access import Viewer


@last_tie_ended.connect
def end_roles(_sender: Any, *, person_id: int, organisation_id: int, by: Viewer) -> None:
    """Leaving the host ends the roles of its staff."""
    if organisation_id == host().id:
        end_staff_roles(person_id, by=by)
