"""Exits that a file announces are announced like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.imports.signals import exit_read, exits_taken_back
from portal.leavers import actions, queries
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from portal.accounts.mailboxes import Mailbox
    from portal.core.access import Viewer


@exit_read.connect
def noted(
    _sender: Any, *, person_id: int, ends_on: date, work: Mailbox | None, own: Mailbox | None, by: Viewer
) -> None:
    """The same day in the next file is no news, and no reason for another letter."""
    row = queries.leaver_of(person_id)
    if row is None or row.ends_on != ends_on:
        actions.note_exit(person_by_id(person_id), ends_on, work=work, own=own, by=by)


@exits_taken_back.connect
def taken_back(_sender: Any, *, people: list[int], since: datetime, by: Viewer) -> None:
    """An import was a mistake."""
    actions.take_back(people, since, by=by)
