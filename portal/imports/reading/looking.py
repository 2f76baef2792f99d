"""Look at a file before reading it: what it is, how it would be read, and what its first records would be."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from portal.imports.reading import delimited, headers, sheets, tables
from portal.imports.reading.cards import look_at_cards
from portal.imports.reading.dates import way_of
from portal.imports.reading.delimiters import propose_delimiter
from portal.imports.reading.encodings import label_of, propose_encoding
from portal.imports.reading.kinds import kind_of
from portal.imports.reading.limits import (
    MOST_COLUMNS,
    MOST_ROWS,
    PREVIEW_ROWS,
    SAMPLE_LENGTH,
    SAMPLE_ROWS,
    SAMPLES,
)
from portal.imports.reading.rows import OWN_LIST
from portal.imports.reading.source import DATE_ORDERS, BadFile, Choices, Column, Source
from portal.imports.reading.streaming import check

if TYPE_CHECKING:
    from pathlib import Path

    from portal.imports.reading.delimited import Row
    from portal.imports.reading.layouts import Layout
    from portal.imports.records import Record

DATED = {"start", "end", "seen_on"}
SHEETS_TRIED = 5
BROKEN_FROM = 5  # so many rows, all of them broken, are no table
NO_HEADER = "The first line is not a line of column names. Put names like “Full name, Email” above the data."
NO_NAMES = "The first line should name the columns, but it can't be read. {}"
NO_ROWS = "The file has column names, but no rows under them."
TOO_WIDE = f"The file has more than {MOST_COLUMNS} columns. Leave out those that are not about people."
ALL_BROKEN = "None of the first {} rows can be read. {}"
NOTHING_KNOWN = "No name of a column was recognised: choose what each one means."
FORMULAS = "{:,} cells hold formulas: what they showed when the file was saved is read."
ASK_ORDER = "Dates like {} can be read in two ways: choose whether days or months come first."


@dataclass(frozen=True)
class Table:
    """The rows at the beginning of a file, and what is known of the file around them."""

    rows: list[Row]
    is_whole: bool
    lines: int  # of the whole file, or its rows
    choices: Choices
    notes: tuple[str, ...]
    encoding_sure: bool = True
    encodings: tuple[str, ...] = ()
    delimiter_sure: bool = True
    sheets: tuple[str, ...] = ()
    tail: list[Row] = field(default_factory=list)  # the last rows of a file that is not held whole


def inspect(path: Path, name: str, choices: Choices | None = None) -> Source:
    """Propose how to read a file; with `choices`, show it under them. BadFile says why it can't be read at all."""
    if choices:
        check(choices)
    kind = kind_of(path)
    if kind == "xlsx":
        return look_at(_workbook(path, choices), choices)
    if kind == "vcard":
        return look_at_cards(path, choices)
    return look_at(_delimited(path, choices), choices)


def _delimited(path: Path, chosen: Choices | None) -> Table:
    encoded = propose_encoding(path)
    if encoded.lines > MOST_ROWS:
        raise BadFile(tables.TOO_MANY_ROWS)
    encoding = chosen.encoding if chosen else encoded.encoding
    delimiter, sure, why = propose_delimiter(path, encoding)
    if chosen:
        delimiter = chosen.delimiter
    choices = Choices("tsv" if delimiter == "\t" else "csv", encoding, delimiter)
    rows = list(islice(tables.rows_of(path, choices), SAMPLE_ROWS + 1))
    notes = tuple(note for note in (encoded.note, why) if note and not chosen)
    if chosen:
        notes = (f"The file is read as {label_of(encoding)}.",)
    return Table(
        rows[:SAMPLE_ROWS], len(rows) <= SAMPLE_ROWS, encoded.lines, choices, notes,
        encoding_sure=encoded.sure, encodings=encoded.others, delimiter_sure=sure,
        tail=delimited.last_rows(path, encoding, delimiter),
    )  # fmt: skip


def _workbook(path: Path, chosen: Choices | None) -> Table:
    with sheets.opened(path) as book:
        name, rows, height = _best_sheet(book, chosen.sheet if chosen else "")
    others = [f"“{other}”" for other in book.names if other != name]
    notes = [f"The sheet “{name}” is read, not {', '.join(others[:5])}."] if others else []
    if book.formulas:
        notes.append(FORMULAS.format(book.formulas))
    return Table(rows, height <= SAMPLE_ROWS, height, Choices("xlsx", sheet=name), tuple(notes), sheets=book.names)


def _best_sheet(book: sheets.Workbook, wanted: str) -> tuple[str, list[Row], int]:
    """The sheet that was chosen, or the first one with names of columns that are known; else the first with rows."""
    first: tuple[str, list[Row], int] | None = None
    for name in (wanted,) if wanted else book.names[:SHEETS_TRIED]:
        sheet = book.sheet(name)
        found = name, list(islice(sheet.rows(), SAMPLE_ROWS)), sheet.height
        if wanted or _has_known_names(found[1]):
            return found
        first = first if first and first[1] else found
    return first or ("", [], 0)


def _has_known_names(rows: list[Row]) -> bool:
    header = headers.find_header(rows)
    return bool(header) and headers.known_in(rows[header - 1].cells) > 1


def look_at(table: Table, chosen: Choices | None) -> Source:
    """What a table is, whatever its format."""
    header_row = _header_row(table, chosen)
    names = headers.column_names(table.rows, header_row)
    if len(names) > MOST_COLUMNS:
        raise BadFile(TOO_WIDE)
    layout, mapping, sure = headers.propose_mapping(names)
    if chosen and len(chosen.mapping) == len(names):
        mapping = chosen.mapping
    data, skipped = _data(table, header_row, len(names))
    order, orders_seen = _date_order(data, mapping)
    choices = replace(
        table.choices,
        header_row=header_row,
        mapping=mapping,
        date_order=(chosen and chosen.date_order) or order,
        system=chosen.system if chosen else _system(layout, mapping),
    )
    preview = list(islice(tables.records_of(iter(table.rows), choices), PREVIEW_ROWS))
    _check_some_can_be_read(data, preview)
    return Source(
        choices.format, layout.name if layout else "", choices, table.encoding_sure, table.encodings, table.delimiter_sure,
        table.sheets, _columns(names, mapping, sure, data),
        rows_seen=len(data) if table.is_whole else table.lines - header_row,
        preview=preview,
        notes=(*table.notes, *_notes(table, header_row, layout, sure, skipped, orders_seen)),
        date_order_sure=bool(order),
    )  # fmt: skip


def _header_row(table: Table, chosen: Choices | None) -> int:
    header_row = chosen.header_row if chosen else headers.find_header(table.rows)
    if not header_row and not chosen:
        raise BadFile(_why_no_header(table.rows))
    if header_row > len(table.rows):
        raise BadFile(tables.NO_SUCH_ROW)
    return header_row


def _data(table: Table, header_row: int, width: int) -> tuple[list[Row], list[Row]]:
    """The rows that hold data, as far as they are held, and those of the footer."""
    skipped: list[Row] = []
    rows = [row for _number, row in headers.without_footer(enumerate(table.rows[header_row:]), width, skipped)]
    if not table.is_whole:
        skipped.clear()
        deque(headers.without_footer(enumerate(table.tail), width, skipped), maxlen=0)
    return rows, skipped


def _why_no_header(rows: list[Row]) -> str:
    first = next((row for row in rows if row.cells or row.problem), None)
    return NO_NAMES.format(first.problem) if first and first.problem else NO_HEADER


def _check_some_can_be_read(data: list[Row], preview: list[Record]) -> None:
    if not data:
        raise BadFile(NO_ROWS)
    broken = [record.problems[0] for record in preview if record.problems and not _tells(record)]
    if len(preview) >= BROKEN_FROM and len(broken) == len(preview):
        raise BadFile(ALL_BROKEN.format(len(preview), broken[0]))


def _tells(record: Record) -> bool:
    return bool(record.full_name or record.addresses or record.external_ids or record.stints)


def _system(layout: Layout | None, mapping: tuple[str, ...]) -> str:
    if "external_id" not in mapping:
        return ""
    return layout.product if layout else OWN_LIST


def _columns(names: list[str], mapping: tuple[str, ...], sure: tuple[bool, ...], data: list[Row]) -> tuple[Column, ...]:
    return tuple(
        Column(name, meaning, known, _samples(at, data))
        for at, (name, meaning, known) in enumerate(zip(names, mapping, sure, strict=True))
    )


def _samples(at: int, data: list[Row]) -> tuple[str, ...]:
    texts = (row.cells[at].strip()[:SAMPLE_LENGTH] for row in data if at < len(row.cells))
    return tuple(islice(dict.fromkeys(text for text in texts if text), SAMPLES))


def _date_order(data: list[Row], mapping: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The order that the dates themselves prove, or ""; and an example of each way that was seen."""
    at = [index for index, meaning in enumerate(mapping) if meaning in DATED]
    seen: dict[str, str] = {}
    for row in data:
        for index in at:
            if index < len(row.cells) and (text := row.cells[index].strip()) and (way := way_of(text)):
                seen.setdefault(way, text)
    proved = [way for way in DATE_ORDERS if way in seen]
    if len(proved) == 1:
        return proved[0], seen
    return "" if seen else "ymd", seen


def _notes(
    table: Table,
    header_row: int,
    layout: Layout | None,
    sure: tuple[bool, ...],
    skipped: list[Row],
    orders: dict[str, str],
) -> list[str]:
    notes = []
    if above := [text for row in table.rows[: max(header_row - 1, 0)] for text in row.cells if text.strip()]:
        notes.append(f"Skipped {_lines(header_row - 1)} above the column names: “{above[0].strip()[:60]}”.")
    if skipped:
        first = next(text.strip() for text in skipped[0].cells if text.strip())
        notes.append(f"Skipped {_lines(len(skipped))} at the end: “{first[:60]}”.")
    if layout:
        notes.append(f"These are the columns of {layout.name}.")
    elif not any(sure):
        notes.append(NOTHING_KNOWN)
    if "either" in orders and not ({"dmy", "mdy"} & set(orders)):
        notes.append(ASK_ORDER.format(orders["either"]))
    if {"dmy", "mdy"} <= set(orders):
        notes.append(ASK_ORDER.format(f"{orders['dmy']} and {orders['mdy']}"))
    return notes


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"
