"""Tables that leave the house: CSV and XLSX, row by row, with nothing in them that a spreadsheet would calculate.

Who opens an export trusts it. A cell that begins like a formula gets an apostrophe in front, in both formats: an
XLSX that somebody saves as CSV would otherwise carry the formula on.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from itertools import chain
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter

Cell = str | int | float | Decimal | date | datetime | None
Row = Sequence[Cell]
# What spreadsheets take for the beginning of a formula; the wide forms are what some of them fold to the plain ones.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_767  # Excel's own limit
MOST_ROWS = 1_048_575  # beside the header


@dataclass(frozen=True, slots=True)
class Export:
    """A finished table, to be sent and forgotten."""

    file: IO[bytes]
    rows: int
    mimetype: str


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip(" \u00a0\ufeff").startswith(FORMULA) else text


def csv_lines(header: Row, rows: Iterable[Row]) -> Iterator[str]:
    """The table as lines of CSV (RFC 4180), one at a time."""
    line = StringIO()
    writer = csv.writer(line)
    for row in chain([header], rows):
        writer.writerow([_written(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def write_csv(target: IO[bytes], header: Row, rows: Iterable[Row]) -> int:
    """Write the table as UTF-8 with the mark that lets Excel read names in any script; how many rows."""
    target.write(b"\xef\xbb\xbf")
    written = -1
    for line in csv_lines(header, rows):
        target.write(line.encode())
        written += 1
    return written


def write_xlsx(target: IO[bytes], header: Row, rows: Iterable[Row]) -> int:
    """Write the table as one sheet, each row flushed to disk before the next; how many rows."""
    plain = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    written = 0
    with xlsxwriter.Workbook(target, plain) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
        for column, title in enumerate(header):
            sheet.write_string(0, column, neutral(str(title)), bold)
        for written, row in enumerate(rows, 1):
            if written > MOST_ROWS:
                raise ValueError("A sheet has no more rows than that; take CSV.")
            for column, cell in enumerate(row):
                _put(sheet, written, column, cell, day)
    return written


WRITERS: dict[str, tuple[str, Callable[[IO[bytes], Row, Iterable[Row]], int]]] = {
    "csv": ("text/csv; charset=utf-8", write_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
}


def make(kind: str, header: Row, rows: Iterable[Row]) -> Export:
    """A table in a file without a name, which is gone when it is closed; `kind` is csv or xlsx."""
    mimetype, write = WRITERS[kind]
    file = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        count = write(file, header, rows)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Export(file, count, mimetype)


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    return neutral(cell) if isinstance(cell, str) else str(cell)


def _put(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, day: object) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, int | float | Decimal):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date) and not isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, day)
    else:
        sheet.write_string(row, column, _written(cell)[:LONGEST_CELL])
