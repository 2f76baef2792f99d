"""One batch of rows: decided, and written with everything that follows; the caller keeps it or not at all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, upsert
from portal.core.tokens import new_public_id
from portal.imports.batches import BATCH, asked, change_all
from portal.imports.book import Book, pending_of
from portal.imports.claimed import say_of_member
from portal.imports.exits import announce_exit, tell_exits
from portal.imports.joining import join_records
from portal.imports.matching import Matcher
from portal.imports.models import Import, ImportMatch, ImportRow
from portal.imports.settling import create_people, settle
from portal.imports.silence import keep_silence, tell_silence

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.imports.book import Known, Pending
    from portal.imports.matching import Decided, Decision


def next_rows(imported: Import) -> list[Pending]:
    """The rows of the next batch."""
    columns = (
        ImportRow.id,
        ImportRow.import_id,
        ImportRow.number,
        ImportRow.seen_on,
        ImportRow.record,
        ImportRow.digest,
    )
    found = select(*columns).where(ImportRow.import_id == imported.id, ImportRow.number > imported.reached)
    waiting = asked(found.order_by(ImportRow.number).limit(BATCH))
    return [pending_of(row, imported.kind, row.digest) for row in waiting]


def plan_batch(imported: Import, pending: list[Pending], alias: dict[int, int]) -> Counter[str]:
    """What would happen with these rows: decided against what is there and the rows before them, nothing written."""
    book = Book(imported, planning=True, alias=alias)
    book.load(pending)
    decided = Matcher(book).decide(pending)
    tell_silence(decided.decisions)
    tell_exits(decided.decisions, imported, book.firms)
    _note_rows(decided.decisions, applied=False)
    return Counter(each.outcome for each in decided.decisions)


def apply_batch(imported: Import, pending: list[Pending], *, by: Viewer) -> Counter[str]:
    """Do it: new people, what rows add, questions, proposals; all of it or nothing."""
    book = Book(imported, planning=False)
    book.load(pending)
    decided = Matcher(book).decide(pending)
    _create(book, decided, imported)
    for kept, gone in decided.joined:
        if gone.key > 0:
            join_records(book.find(kept.key).key, gone.key, import_id=imported.id)
    touched = {known.key: known for each in decided.decisions if (known := _own(book, each)) is not None}
    tell_silence(decided.decisions)
    tell_exits(decided.decisions, imported, book.firms)
    settle({key: known.derived(book.firms) for key, known in touched.items()}, book.firms, imported.id)
    _note_rows([_found(book, each) for each in decided.decisions], applied=True)
    _ask(book, decided, imported)
    _say_to_members(book, decided, by)
    keep_silence((each.pending.fact.record for each in decided.decisions), imported, by=by)
    for each in decided.decisions:
        if (known := _own(book, each)) is not None:
            announce_exit(known.key, each.pending.fact, book.firms, by=by)
    return Counter(each.outcome for each in decided.decisions)


def _own(book: Book, decision: Decision) -> Known | None:
    """The unclaimed person whose record a row is part of."""
    if decision.known is None or decision.known.claimed:
        return None
    return book.find(decision.known.key)


def _found(book: Book, decision: Decision) -> Decision:
    if decision.known is not None:
        decision.known = book.find(decision.known.key)
    return decision


def _create(book: Book, decided: Decided, imported: Import) -> None:
    """Give those an id who were not there before."""
    own = (_own(book, each) for each in decided.decisions)
    new = list({known.key: known for known in own if known is not None and known.key < 0}.values())
    ids = create_people([known.derived(book.firms) for known in new], imported.id)
    for known, person_id in zip(new, ids, strict=True):
        book.alias[known.key] = person_id
        book.people[person_id] = known
        known.key = person_id


def _note_rows(decisions: list[Decision], *, applied: bool) -> None:
    changed: dict[int, dict[str, Any]] = {}
    for each in decisions:
        key = each.known.key if each.known is not None else 0
        unlinked = each.known is not None and each.known.claimed and not _is_linked(each)
        changed[each.pending.fact.row_id] = {
            "outcome": each.outcome, "why": each.why, "person_id": key if key > 0 and not unlinked else None,
            "part": -key if key < 0 else None, "applied": applied and each.known is not None and not unlinked,
        }  # fmt: skip
    change_all(ImportRow, changed)


def _is_linked(decision: Decision) -> bool:
    known = decision.known
    return known is not None and f"linked:{decision.pending.digest}" in known.proposed


def _ask(book: Book, decided: Decided, imported: Import) -> None:
    """Put pairs that look like one before somebody, once."""
    for (one, other), why in decided.likes.items():
        low, high = sorted((book.find(one).key, book.find(other).key))
        if low == high:
            continue
        values = {"public_id": new_public_id(), "low_id": low, "high_id": high, "import_id": imported.id,
                  "why": why, "state": "open", "created_at": clock.now()}  # fmt: skip
        db.session.execute(upsert(ImportMatch.__table__, values, keys=["low_id", "high_id"]))


def _say_to_members(book: Book, decided: Decided, by: Viewer) -> None:
    for each in decided.decisions:
        if each.outcome == "proposal" and each.known is not None:
            pending = each.pending
            say_of_member(each.known.key, pending.fact, pending.digest, book.firms, linked=_is_linked(each), by=by)
