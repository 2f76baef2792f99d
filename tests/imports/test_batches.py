"""Many rows in one statement read as if they had been written one by one, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError

from portal.core.db import db, is_sqlite, unit_of_work
from portal.imports.batches import among, change_all, insert_all
from portal.imports.models import Import, ImportRow

if TYPE_CHECKING:
    from tests.imports.conftest import Desk

HEAD = "Full name,Email"
FIRST = 100
WORDS = ["", "plain", 'a "quoted" one', "{a,b}", "NULL", "back\\slash", "it's", "two\nlines", "Żółć 😀", "100 %s"]


@pytest.fixture
def import_id(desk: Desk) -> int:
    """An import; its own row is number 1, those of the tests follow."""
    return desk.bring(HEAD, "Ada Lovelace,ada@example.org").id


def _row(import_id: int, number: int, why: str, **record: Any) -> dict[str, Any]:
    return {"import_id": import_id, "number": number, "applied": number % 2 == 0, "outcome": "", "why": why,
            "person_id": None, "part": number if number % 3 else None, "seen_on": "2020-01-31", "digest": str(number),
            "record": record}  # fmt: skip


def _kept(*columns: Any) -> list[Any]:
    return [
        tuple(row)
        for row in db.session.execute(select(*columns).where(ImportRow.number >= FIRST).order_by(ImportRow.number))
    ]


def test_awkward_words_come_back_as_they_went_in(import_id: int) -> None:
    rows = [_row(import_id, number, why, said=[why, None], more={why: 1}) for number, why in enumerate(WORDS, FIRST)]
    with unit_of_work():
        insert_all(ImportRow, rows)
    columns = (ImportRow.number, ImportRow.applied, ImportRow.part, ImportRow.why, ImportRow.record)
    assert _kept(*columns) == [(r["number"], r["applied"], r["part"], r["why"], r["record"]) for r in rows]


def test_each_row_is_changed_by_its_own_key(import_id: int) -> None:
    with unit_of_work():
        insert_all(ImportRow, [_row(import_id, number, "") for number in range(FIRST, FIRST + len(WORDS))])
        ids = [row[0] for row in _kept(ImportRow.id)]
        changed = {row_id: {"why": why, "record": {"x": why}} for row_id, why in zip(ids[1:], WORDS[1:], strict=True)}
        change_all(ImportRow, changed, import_id=import_id)
        change_all(ImportRow, {ids[0]: {"why": "of another import"}}, import_id=import_id + 1)
    assert _kept(ImportRow.why) == [("",), *((why,) for why in WORDS[1:])]
    assert _kept(ImportRow.record)[1:] == [({"x": why},) for why in WORDS[1:]]


def test_only_those_among_the_values_are_found(import_id: int) -> None:
    with unit_of_work():
        insert_all(ImportRow, [_row(import_id, number, why) for number, why in enumerate(WORDS, FIRST)])
    found = select(ImportRow.why).where(among(ImportRow.why, ["{a,b}", "NULL", "nowhere"])).order_by(ImportRow.number)
    assert list(db.session.execute(found).scalars()) == ["{a,b}", "NULL"]
    assert list(db.session.execute(select(Import.id).where(among(Import.id, []))).scalars()) == []


def test_what_is_too_long_is_never_cut(import_id: int) -> None:
    """PostgreSQL refuses it; SQLite has no lengths and keeps it whole."""
    too_long = [_row(import_id, FIRST, "") | {"digest": "x" * 65}]
    if is_sqlite():
        with unit_of_work():
            insert_all(ImportRow, too_long)
        assert _kept(ImportRow.digest) == [("x" * 65,)]
        return
    with pytest.raises(DataError), unit_of_work():
        insert_all(ImportRow, too_long)
