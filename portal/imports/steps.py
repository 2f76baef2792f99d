"""The long work of imports, in steps that are kept one by one: a worker that is killed goes on where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.access import system_viewer
from portal.core.errors import DomainError
from portal.core.jobs import LATER, GiveUp, job
from portal.imports import actions, queries, reading
from portal.imports.batches import BATCH
from portal.imports.reading import Choices
from portal.imports.staging import Copied, batches_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@job("imports.plan", attempts=5, priority=LATER)
def plan(import_id: int) -> Iterator[int]:
    """Read the file and decide every row, in a dry run."""
    by, imported = system_viewer(), queries.by_id(import_id)
    if imported.state == "staging":
        yield from _read(import_id)
    alias: dict[int, int] = {}
    while (imported := queries.by_id(import_id)).state in ("staging", "planning"):
        if actions.plan_more(imported, alias, by=by):
            yield imported.percent


@job("imports.apply", attempts=5, priority=LATER)
def apply(import_id: int) -> Iterator[int]:
    """Do what was planned."""
    by = system_viewer()
    while (imported := queries.by_id(import_id)).state == "applying" and actions.apply_more(imported, by=by):
        yield imported.percent


@job("imports.undo", attempts=5, priority=LATER)
def undo(import_id: int) -> Iterator[int]:
    """Take it back."""
    by = system_viewer()
    while (imported := queries.by_id(import_id)).state == "undoing" and actions.undo_more(imported, by=by):
        yield imported.percent


def _read(import_id: int) -> Iterator[int]:
    """Keep the file's rows; after a crash those that are kept already are passed over."""
    by, imported = system_viewer(), queries.by_id(import_id)
    choices, done = Choices.from_dict(imported.choices), imported.rows
    with Copied(imported) as path:
        records = reading.read(path, imported.name, choices)
        try:
            for batch in batches_of((record for n, record in enumerate(records) if n >= done), BATCH):
                actions.keep_batch(queries.by_id(import_id), batch, by=by)
                yield 0
        except DomainError as error:
            if isinstance(error, reading.BadFile):
                actions.refuse(queries.by_id(import_id), error.message, by=by)
                return
            raise GiveUp(error.message) from error
