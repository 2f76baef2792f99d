"""Rows of any file that is a table, and the records that they make."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from portal.imports.reading import delimited, sheets
from portal.imports.reading.headers import column_names, without_footer
from portal.imports.reading.layouts import recognise
from portal.imports.reading.limits import MOST_ROWS
from portal.imports.reading.rows import RecordMaker
from portal.imports.reading.source import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.imports.reading.delimited import Row
    from portal.imports.reading.source import Choices
    from portal.imports.records import Record

TOO_MANY_ROWS = f"The file has more than {MOST_ROWS:,} rows. Split it into smaller ones."
NO_SUCH_ROW = "The file has no row with that number. Choose another one for the names of the columns."


def rows_of(path: Path, choices: Choices) -> Iterator[Row]:
    """All rows, from the first one of the file."""
    if choices.format == "xlsx":
        return sheets.rows_of(path, choices.sheet)
    return delimited.rows_of(path, choices.encoding, choices.delimiter)


def records_of(rows: Iterator[Row], choices: Choices) -> Iterator[Record]:
    """The records of a table; the row after the names of the columns is number 1."""
    head = list(islice(rows, choices.header_row))
    if len(head) < choices.header_row:
        raise BadFile(NO_SUCH_ROW)
    layout = recognise(column_names(head, choices.header_row)) if head else None
    maker = RecordMaker(choices, layout.relation if layout else "")
    names = head[-1].cells if head else None
    for number, row in without_footer(enumerate(rows, start=1), len(choices.mapping)):
        if number > MOST_ROWS:
            raise BadFile(TOO_MANY_ROWS)
        if row.cells != names:  # files that were joined repeat the names
            yield maker(number, row)
