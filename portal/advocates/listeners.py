"""What follows from others' deeds, and what is asked again just before a check-in goes out (R25)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from portal.accounts.signals import claimed
from portal.advocates import actions, emails, queries
from portal.advocates.queries import consents_in_force
from portal.careers.signals import move_settled
from portal.consents.signals import wordings_set_up
from portal.core.access import system_viewer
from portal.core.errors import Conflict
from portal.core.outbox import still_wanted
from portal.notifications.actions import notify
from portal.people.queries import holders, person_by_id

if TYPE_CHECKING:
    from portal.careers.models import Move
    from portal.core.access import Viewer
    from portal.core.outbox import OutboxMail


@wordings_set_up.connect
def set_up_acts(_sender: Any, *, by: Viewer) -> None:
    """The acts come with their wordings."""
    actions.ensure_acts(by=by)


@claimed.connect
def after_a_claim(_sender: Any, *, person_id: int, by: Viewer) -> None:
    """Whoever was nominated before they were here learns of it."""
    actions.tell_newcomer(person_id, by=system_viewer())


@move_settled.connect
def after_a_move(_sender: Any, *, move: Move, by: Viewer) -> None:
    """What somebody who moved ticked, and nothing else (A10): told to who runs the programme, or asked of the person."""
    person = person_by_id(move.person_id)
    left, now = (position.organisation.name if position else "" for position in (move.left, move.started))
    told = []
    if "introduce" in move.wishes and now:
        told.append(f"{person.full_name} is at {now} now, and may be asked to introduce us there")
    if "recount" in move.wishes and left:
        told.append(f"{person.full_name} has left {left}: count anew whom we know there")
    for keeper in holders("manager") or holders("admin"):
        for title in told:
            notify(keeper.id, "consented_move", title=title, url=person.url, actor_id=person.id, by=by)
    if "check_in" in move.wishes and consents_in_force(person.id):
        with suppress(Conflict):  # nothing can be mailed to them just now
            actions.check_in(person, by=by)


@still_wanted(emails.CHECK_IN)
def still_an_advocate(mail: OutboxMail) -> bool:
    """Nothing is mailed to who turned everything off, or answered meanwhile."""
    person_id = mail.person_id or 0
    return bool(queries.consents_in_force(person_id)) and queries.open_check_in(person_id) is not None
