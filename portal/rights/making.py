"""A copy being made by the worker, and its file forgotten."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from portal.core import parts
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.files import storage
from portal.core.jobs import LATER, job
from portal.rights import actions
from portal.rights.models import DataExport
from portal.rights.pack.gathering import gather, plain
from portal.rights.pack.zipping import write_zip

if TYPE_CHECKING:
    from collections.abc import Iterator

BESIDE = 3  # the person's own row, the mails, and the audit
TYPE = "application/zip"


@job("rights.make_export", priority=LATER)
def make_export(export_id: int) -> Iterator[int]:
    """Gather feature by feature, then write the file; begun anew it overwrites what it had written."""
    row = db.session.get(DataExport, export_id)
    if row is None or row.state != "making":
        return
    data: dict[str, Any] = {}
    total = len(parts.every("person_data")) + BESIDE + 1
    for done, (name, kept) in enumerate(gather(row.person_id), 1):
        data.setdefault(name, {}).update(plain(kept))
        yield 100 * done // total
    yield from _store(export_id, data)


def _store(export_id: int, data: dict[str, Any]) -> Iterator[int]:
    row = db.session.get(DataExport, export_id, with_for_update=True)
    if row is None or row.state != "making":
        return
    key = f"exports/{row.public_id}.zip"
    with TemporaryFile() as file:
        write_zip(file, data)
        size = file.tell()
        file.seek(0)
        storage().put(key, file, TYPE)
    actions.finish_export(row, key, size, by=system_viewer())
    yield 100


@job("rights.forget_file")
def forget_file(key: str) -> None:
    """Take the file of a copy away."""
    storage().delete(key)
