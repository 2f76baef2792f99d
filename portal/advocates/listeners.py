"""What happens when the house is set up, and what is asked again just before a check-in goes out (R25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.advocates import actions, emails, queries
from portal.consents.signals import wordings_set_up
from portal.core.outbox import still_wanted

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.outbox import OutboxMail


@wordings_set_up.connect
def set_up_acts(_sender: Any, *, by: Viewer) -> None:
    """The acts come with their wordings."""
    actions.ensure_acts(by=by)


@still_wanted(emails.CHECK_IN)
def still_an_advocate(mail: OutboxMail) -> bool:
    """Nothing is mailed to who turned everything off, or answered meanwhile."""
    person_id = mail.person_id or 0
    return bool(queries.consents_in_force(person_id)) and queries.open_check_in(person_id) is not None
