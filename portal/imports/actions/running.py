"""The long work in steps: each keeps its rows and its cursor together, or nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import Conflict
from portal.core.housekeeping import count_rows
from portal.core.policy import require
from portal.imports import applying, queries, staging, undoing
from portal.imports.batches import BATCH, tell_sizes
from portal.imports.models import Import
from portal.imports.policies import ONLY_ADMINS, can_import

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.imports.records import Record

TWICE = "Somebody else is working on this import."
KEYLESS = (
    "This list has no ids and no addresses, and a list of the same shape was imported on {day}. Nobody could tell who of "
    "them is new. Add a column with an id or an address, or undo the earlier import first. Nothing was changed."
)


def keep_batch(imported: Import, records: list[Record], *, by: Viewer) -> None:
    """Keep the rows that were read, for the plan."""
    require(can_import(by), ONLY_ADMINS)
    keyed = staging.keep_rows(imported, records)
    move_on(imported, len(records), by=by, rows=imported.rows + len(records), has_keys=imported.has_keys or keyed > 0)
    tell_sizes(imported.cursor // BATCH)


def move_on(imported: Import, steps: int, *, by: Viewer, **values: Any) -> None:
    """Move the cursor, unless somebody else did: two workers never do the same rows."""
    require(can_import(by), ONLY_ADMINS)
    mine = (Import.id == imported.id, Import.cursor == imported.cursor, Import.state == imported.state)
    moved = update(Import).where(*mine).values(cursor=imported.cursor + steps, **values).returning(Import.id)
    if db.session.execute(moved, execution_options={"synchronize_session": False}).first() is None:
        raise Conflict(TWICE)
    db.session.refresh(imported)


def plan_more(imported: Import, alias: dict[int, int], *, by: Viewer) -> bool:
    """Decide the next rows, in a dry run; False when all are decided."""
    require(can_import(by), ONLY_ADMINS)
    if imported.state == "staging":
        _begin_plan(imported, by)
        return imported.state == "planning"
    tell_sizes(imported.cursor // BATCH)
    pending = applying.next_rows(imported)
    if not pending:
        _step(imported, "planned", by, planned_at=clock.now())
        return False
    counted = applying.plan_batch(imported, pending, alias)
    move_on(imported, len(pending), by=by, reached=pending[-1].fact.number, counts=_sum(imported, counted))
    return True


def begin_apply(imported: Import, *, by: Viewer) -> None:
    """From now on it is done, batch by batch."""
    require(can_import(by), ONLY_ADMINS)
    if imported.state != "planned":
        raise Conflict("Only what was planned can be applied.")
    _step(imported, "applying", by, cursor=0, counts={}, applied_at=clock.now())
    audit.record("apply import", imported, by=by, note=imported.name)


def apply_more(imported: Import, *, by: Viewer) -> bool:
    """Apply the next rows with the cursor, or not at all; False when all are done."""
    require(can_import(by), ONLY_ADMINS)
    tell_sizes(imported.cursor // BATCH)
    pending = applying.next_rows(imported)
    if not pending:
        staging.forget_file(imported)
        _step(imported, "applied", by, file_key="")
        count_rows()
        return False
    counted = applying.apply_batch(imported, pending, by=by)
    move_on(imported, len(pending), by=by, reached=pending[-1].fact.number, counts=_sum(imported, counted))
    return True


def begin_undo(imported: Import, *, by: Viewer) -> None:
    """Take it back whole; later edits are kept (T3)."""
    require(can_import(by), ONLY_ADMINS)
    if imported.state not in ("applied", "applying"):
        raise Conflict("Only what was applied can be taken back.")
    _step(imported, "undoing", by, cursor=0, counts={})
    audit.record("undo import", imported, by=by, note=imported.name)


def undo_more(imported: Import, *, by: Viewer) -> bool:
    """Take the next rows back; False when all are."""
    require(can_import(by), ONLY_ADMINS)
    done, removed, kept = undoing.undo_batch(imported, by=by)
    if not done:
        undoing.remove_firms(imported)
        _step(imported, "undone", by, undone_at=clock.now())
        return False
    kept_or_gone = Counter(removed=removed, kept=kept)
    move_on(imported, len(done), by=by, reached=done[-1], counts=_sum(imported, kept_or_gone))
    return True


def _begin_plan(imported: Import, by: Viewer) -> None:
    """All rows are kept; a list that names nobody for sure is imported once only."""
    earlier = None if imported.has_keys or not imported.rows else queries.keyless_before(imported)
    if earlier is not None:
        staging.forget_rows(imported)
        sentence = KEYLESS.format(day=f"{earlier.applied_at:%-d %B %Y}")
        _step(imported, "refused", by, problem=sentence, cursor=0, rows=0)
        return
    _step(imported, "planning", by, cursor=0, counts={})


def _step(imported: Import, state: str, by: Viewer, **values: Any) -> None:
    begins = {"reached": 0} if "cursor" in values else {}
    steps = values.pop("cursor", imported.cursor) - imported.cursor
    move_on(imported, steps, by=by, state=state, **begins, **values)


def _sum(imported: Import, counted: Counter[str]) -> dict[str, int]:
    return dict(Counter(imported.counts) + counted)
