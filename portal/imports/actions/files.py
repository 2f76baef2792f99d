"""Files: taken in, understood, and sent to be read."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from portal.core import audit, clock
from portal.core.db import add, db, upsert
from portal.core.errors import Conflict, Invalid
from portal.core.files import storage
from portal.core.policy import require
from portal.imports import queries
from portal.imports.models import Import, ImportMapping
from portal.imports.policies import ONLY_ADMINS, can_import
from portal.imports.reading import Choices
from portal.imports.staging import content_digest, day_in, forget_file, forget_rows, shape_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from portal.core.access import Viewer
    from portal.imports.reading import Source

BUSY = "This import is at work. Wait until it is done."
AGAIN = (
    "This very list was imported on {day}, and it has no ids and no addresses: every row would become a second record of "
    "somebody. Nothing was changed."
)


def start_import(path: Path, name: str, found: Source, *, by: Viewer) -> Import:
    """Take in a file that was looked at; a header that was mapped before means the same again."""
    require(can_import(by), ONLY_ADMINS)
    digest = content_digest(path)
    if earlier := queries.keyless_twin(digest):
        raise Invalid(AGAIN.format(day=f"{earlier.applied_at:%-d %B %Y}"), "file")
    shape = _shape(found)
    known, choices = queries.mapping(shape), found.choices
    if known is not None:
        choices = replace(choices, **_kept_words(Choices.from_dict(known.choices)))
    key = f"imports/{secrets.token_hex(16)}"
    with path.open("rb") as file:
        storage().put(key, file)
    imported = add(Import(
        name=name[:200] or "file", source=known.source if known else "", kind=known.kind if known else "",
        as_of=day_in(name), file_key=key, digest=digest, shape=shape, layout=found.layout, choices=choices.to_dict(),
        created_by_id=by.person_id,
    ))  # fmt: skip
    audit.record("upload import", imported, by=by, note=imported.name)
    return imported


def read_anew(imported: Import, found: Source, *, by: Viewer) -> None:
    """The file was looked at again with other choices: another encoding, another sheet, another header row."""
    require(can_import(by), ONLY_ADMINS)
    if imported.state not in ("uploaded", "planned", "refused"):
        raise Conflict(BUSY)
    imported.choices, imported.layout, imported.shape = found.choices.to_dict(), found.layout, _shape(found)
    db.session.flush()


def choose(
    imported: Import, choices: Choices, *, kind: str, source: str, as_of: date, announce: bool = False, by: Viewer
) -> None:
    """Settle what the columns mean and what the rows speak of; the dry run may begin. Nothing else changes yet."""
    require(can_import(by), ONLY_ADMINS)
    if imported.state not in ("uploaded", "planned", "refused"):
        raise Conflict(BUSY)
    if as_of > clock.today():
        raise Invalid("A file can't speak of a day that is still to come.", "as_of")
    source = " ".join(source.split())[:80]
    imported.choices = choices.to_dict() | {"announce": announce and kind == "employee"}
    imported.kind, imported.source, imported.as_of = kind, source, as_of
    forget_rows(imported)
    imported.state, imported.cursor, imported.rows, imported.counts, imported.problem = "staging", 0, 0, {}, ""
    imported.reached = 0
    saved = {
        "name": imported.name,
        "choices": choices.to_dict(),
        "kind": kind,
        "source": source,
        "saved_at": clock.now(),
    }
    mapping = {"shape": imported.shape} | saved
    db.session.execute(upsert(ImportMapping.__table__, mapping, keys=["shape"], update=saved))
    db.session.flush()


def refuse(imported: Import, sentence: str, *, by: Viewer) -> None:
    """The file can't be imported; nothing was changed, and why is said."""
    require(can_import(by), ONLY_ADMINS)
    forget_rows(imported)
    imported.state, imported.problem, imported.cursor = "refused", sentence, 0
    db.session.flush()


def drop(imported: Import, *, by: Viewer) -> None:
    """Forget a file that was not applied, with all its rows."""
    require(can_import(by), ONLY_ADMINS)
    if imported.state not in ("uploaded", "planned", "refused"):
        raise Conflict("Only what was not applied can be dropped. What was applied can be undone.")
    forget_file(imported)
    audit.record("drop import", imported, by=by, note=imported.name)
    forget_rows(imported)
    db.session.delete(imported)
    db.session.flush()


def _shape(source: Source) -> str:
    return shape_of(source.layout, [column.name for column in source.columns])


def _kept_words(known: Choices) -> dict[str, Any]:
    """What carries over to another file of the same header; how it is encoded is its own."""
    return {"mapping": known.mapping, "date_order": known.date_order, "system": known.system}
