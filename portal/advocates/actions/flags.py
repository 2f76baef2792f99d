"""Flags: the pause is immediate; only the programme's manager closes one, with a reason (A3). And who looked (P4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from portal.advocates import policies, queries
from portal.advocates.actions.overtaken import flag_closed
from portal.advocates.models import Advocate, Flag, RecordView
from portal.advocates.signals import paused
from portal.core import audit, clock
from portal.core.db import add, after_view, db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.notifications.actions import notify

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from portal.core.access import Viewer


def raise_flag(person_id: int, reason: str, *, by: Viewer) -> Flag:
    """Pause an advocate now, with everything that is in flight, and tell the flag's owner."""
    require(policies.can_raise_flag(by, person_id), "Only the advocate and the programme's people raise flags.")
    if not 2 < len(reason) <= 2000:
        raise Invalid("Say in a few words what is wrong.", "reason")
    if queries.lock(person_id) is None:
        raise Conflict("There is nothing to pause: this member is no advocate.")
    own = by.system or by.is_person(person_id)
    raised_by = person_id if own else by.person_id
    row = add(Flag(person_id=person_id, raised_by_id=raised_by, owner_id=queries.manager_id(), reason=reason))
    paused.send(None, person_id=person_id, because="flag", by=by)
    audit.record("raise flag", row, by=by, about=person_id)
    if row.owner_id is not None:
        notify(row.owner_id, "advocate_flag", title="A flag on an advocate waits for you",
               url="/programme/flags", group_key=f"flag:{row.public_id}", by=by)  # fmt: skip
    return row


def close_flag(flag: Flag, because: str, *, by: Viewer) -> None:
    """End a pause; the advocate is asked for a fresh yes before anything else."""
    require(policies.can_close_flag(by), "Only the programme's manager closes a flag.")
    if not 2 < len(because) <= 2000:
        raise Invalid("Say what was done about it.", "because")
    if flag.closed_at is not None:
        raise Conflict("This flag is closed already.")
    flag.closed_at, flag.closed_by_id, flag.closed_because = clock.now(), by.person_id, because
    db.session.execute(update(Advocate).where(Advocate.person_id == flag.person_id).values(answer="", answered_at=None))
    flag_closed(flag.public_id, flag.owner_id, by=by)
    audit.record("close flag", flag, by=by, about=flag.person_id, note=because)


def note_view(person_id: int, reason: str, *, by: Viewer) -> None:
    """Write down that somebody looked at a record, and why, beside the reading of the page (P4)."""
    require(policies.in_programme(by), "This record is for the programme's people.")
    if by.is_person(person_id):
        return
    values = {"person_id": person_id, "viewer_id": by.person_id, "at": clock.now(), "reason": reason[:200]}

    def write(connection: Connection) -> None:
        connection.execute(insert(RecordView.__table__).values(**values))  # type: ignore[arg-type]

    after_view(write)
