"""What referrals do when a role ends, and just before the letter goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.advocates.signals import deputies
from portal.core.outbox import still_wanted
from portal.people.signals import roles_ended
from portal.referrals import actions, emails, queries

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.outbox import OutboxMail


@roles_ended.connect
def hand_over(_sender: Any, *, person_id: int, roles: list[str], by: Viewer) -> None:
    """Open work goes to the deputy, at once (I16)."""
    actions.hand_over(person_id, by=by)


def deputy_of(person_id: int) -> int | None:
    """Who stands in for somebody in the programme is said once, with the referrals."""
    found = queries.deputy_of(person_id)
    return found.id if found is not None else None


if deputy_of not in deputies:
    deputies.append(deputy_of)


@still_wanted(emails.KIND)
def still_asks(mail: OutboxMail) -> bool:
    """The question is only sent while its answer is waited for."""
    public_id = mail.purpose.partition(":")[2]
    return queries.is_waiting(public_id)
