"""A copy of everything: asked for by the person, ready after some minutes, gone after a week (P5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.core import audit, clock
from portal.core.db import add, db
from portal.core.policy import require
from portal.rights import emails, policies, queries
from portal.rights.models import DataExport

if TYPE_CHECKING:
    from portal.core.access import Viewer

KEPT = timedelta(days=7)
NOT_YOURS = "Only the person can take their data along."


def ask_for_export(person_id: int, *, by: Viewer) -> tuple[DataExport, bool]:
    """Begin a copy, and whether it is a new one: while one is being made, that is it."""
    require(policies.is_own(by, person_id), NOT_YOURS)
    require(policies.may_part(by), policies.calm(by))
    for row in queries.exports_of(person_id):
        if row.state == "making":
            return row, False
    row = add(DataExport(person_id=person_id))
    audit.record("ask for own data", row, by=by, about=person_id)
    return row, True


def take_export(row: DataExport, *, by: Viewer) -> str:
    """The key of the file; a copy that was made before the account was given back waits too."""
    require(policies.is_own(by, row.person_id), NOT_YOURS)
    require(policies.may_part(by), policies.calm(by))
    return row.file_key


def finish_export(row: DataExport, key: str, size: int, *, by: Viewer) -> None:
    """The copy is there; its person is told at every address, so that nobody takes it in silence (R11)."""
    require(by.system, "The worker makes the copies.")
    now = clock.now()
    row.state, row.file_key, row.size = "ready", key, size
    row.ready_at, row.expires_at = now, now + KEPT
    db.session.flush()
    emails.export_ready(row)


def drop_export(row: DataExport, *, by: Viewer) -> str:
    """The week is over, or the person wants it gone: the key of the file to delete."""
    require(by.system or policies.is_own(by, row.person_id), NOT_YOURS)
    key, row.file_key, row.state = row.file_key, "", "over"
    return key
