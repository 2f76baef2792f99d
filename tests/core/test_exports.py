"""Tables that leave the house calculate nothing, lose nothing, and need no memory."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.core import exports

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n")
TEXT = some.text(some.characters(exclude_categories=("Cs", "Cc")), max_size=40)


def read_csv(export: exports.Export) -> list[list[str]]:
    with export.file as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))


def read_sheet(export: exports.Export) -> list[tuple[Any, ...]]:
    with export.file as file:
        return list(openpyxl.load_workbook(io.BytesIO(file.read())).active.iter_rows(min_row=2))


@pytest.mark.parametrize("start", [*BEGINNINGS, " =", "\u00a0@", "＝"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_cell_that_begins_like_a_formula_is_text(kind: str, start: str) -> None:
    """What somebody typed into a form is never run by the spreadsheet of who exports it."""
    evil = f"{start}HYPERLINK(1)"
    export = exports.make(kind, ["Company"], [[evil]])
    if kind == "csv":
        assert read_csv(export)[1][0].startswith("'")
        return
    cell = read_sheet(export)[0][0]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


@given(some.lists(some.lists(TEXT, min_size=3, max_size=3), max_size=6))
def test_every_text_comes_back_as_it_was_but_for_the_apostrophe(rows: list[list[str]]) -> None:
    """Nothing is lost in CSV, whatever script, quote or comma it has; no cell begins like a formula."""
    export = exports.make("csv", ["a", "b", "c"], rows)
    read = read_csv(export)[1:]
    assert export.rows == len(rows) == len(read)
    for row, back in zip(rows, read, strict=True):
        for cell, found in zip(row, back, strict=True):
            assert found in (cell, f"'{cell}")
            assert not found.startswith(BEGINNINGS)


def test_numbers_and_days_stay_what_they_are() -> None:
    """A negative number is a number and no formula; a day sorts as a day."""
    row = [-5, Decimal("12.50"), date(2026, 3, 14), datetime(2026, 3, 14, 9, 30, tzinfo=UTC), None]
    assert read_csv(exports.make("csv", list("abcde"), [row]))[1] == [
        "-5",
        "12.50",
        "2026-03-14",
        "2026-03-14 09:30",
        "",
    ]
    cells = read_sheet(exports.make("xlsx", list("abcde"), [row]))[0]
    assert [cell.data_type for cell in cells] == ["n", "n", "d", "s", "n"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_many_rows_need_no_memory(kind: str) -> None:
    """Three thousand rows of 200 characters are written one by one: the table is never held."""
    tracemalloc.start()
    export = exports.make(kind, ["n", "words"], ([n, f"row {n} " + "x" * 200] for n in range(3_000)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    export.file.close()
    assert export.rows == 3_000
    assert peak < 900_000, f"{peak:,} bytes"
