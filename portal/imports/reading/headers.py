"""Which row holds the names of the columns, what stands above it, and what at the end is no data."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from portal.imports.reading.layouts import recognise
from portal.imports.reading.limits import FOOTER_ROWS, HEAD_ROWS, MOST_COLUMNS
from portal.imports.reading.meanings import key_of, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from portal.imports.reading.delimited import Row
    from portal.imports.reading.layouts import Layout

LONGEST_NAME = 100
DATA = re.compile(r"\S+@\S+\.\S+|https?://.*|\W*\d[\d\W]*|\d{4}-\d\d-\d\d.*")
SUM = re.compile(r"(grand )?(total|totals|sum|count|gesamt|summe)\b.*", re.I)
NUMBER = re.compile(r"[\d\s.,'%-]+")
SEPARATOR = re.compile(r"sep=.", re.I)


def find_header(rows: Sequence[Row]) -> int:
    """The number of the row of column names (1 is the first), or 0 when there seems to be none."""
    widest = max((filled(row.cells) for row in rows[:HEAD_ROWS]), default=0)
    best, best_known, first = 0, 0, 0
    for number, row in enumerate(rows[:HEAD_ROWS], start=1):
        if not _may_be_names(row):
            continue
        known = known_in(column_names(rows, number))
        if known > best_known:
            best, best_known = number, known
        if not first and filled(row.cells) * 2 >= widest:
            first = number
    return best if best_known > 1 or (best_known and widest <= 2) else first


def known_in(cells: Iterable[str]) -> int:
    """How many names of columns are known."""
    return sum(bool(_grouped_meaning(text)) for text in cells)


def filled(cells: Iterable[str]) -> int:
    """How many cells hold something."""
    return sum(bool(text.strip()) for text in cells)


def _may_be_names(row: Row) -> bool:
    texts = [text.strip() for text in row.cells if text.strip()]
    if not texts or row.problem or len(texts) > MOST_COLUMNS + 1 or SEPARATOR.fullmatch(texts[0]):
        return False
    return not any(len(text) > LONGEST_NAME or DATA.fullmatch(text) for text in texts)


def column_names(rows: Sequence[Row], header_row: int) -> list[str]:
    """The names of all columns; where one stands twice, the heading above it tells which is which."""
    if not header_row:
        width = max((len(row.cells) for row in rows), default=0)
        return [f"Column {number}" for number in range(1, width + 1)]
    names = [" ".join(text.split()) for text in rows[header_row - 1].cells]
    while names and not names[-1]:
        names.pop()
    groups = _groups(rows, header_row, len(names))
    times = Counter(key_of(name) for name in names)
    return [
        f"{group} - {name}" if group and (times[key_of(name)] > 1 or not meaning_of(name)) else name
        for name, group in zip(names, groups, strict=True)
    ]


def _groups(rows: Sequence[Row], header_row: int, width: int) -> list[str]:
    """The headings over several columns, as merged cells make them; "" where there are none."""
    above = rows[header_row - 2].cells[:width] if header_row > 1 else []
    if not 1 < filled(above) < filled(rows[header_row - 1].cells) or not _may_be_names(rows[header_row - 2]):
        return [""] * width
    groups, last = [], ""
    for text in [*above, *[""] * (width - len(above))]:
        last = " ".join(text.split()) or last
        groups.append(last)
    return groups


def propose_mapping(names: list[str]) -> tuple[Layout | None, tuple[str, ...], tuple[bool, ...]]:
    """The layout, what each column means, and whether that is sure."""
    layout = recognise([name.rpartition(" - ")[2] for name in names]) or recognise(names)
    if layout:
        return layout, tuple(_in_layout(layout, name) for name in names), (True,) * len(names)
    meanings = _without_salutation([_grouped_meaning(name) for name in names], names)
    return None, tuple(meaning or "ignore" for meaning in meanings), tuple(bool(meaning) for meaning in meanings)


def _in_layout(layout: Layout, name: str) -> str:
    whole = layout.meaning_of(name)
    return (
        whole if whole != "ignore" or key_of(name) in layout.meanings else layout.meaning_of(name.rpartition(" - ")[2])
    )


def _grouped_meaning(name: str) -> str:
    """ "Termination - Date" is known whole, "Name - First" the other way round."""
    group, dash, own = name.partition(" - ")
    return meaning_of(name) or (dash and (meaning_of(f"{own} {group}") or meaning_of(own))) or ""


def _without_salutation(meanings: list[str], names: list[str]) -> list[str]:
    """ "Title" beside "Job title" is Mr or Dr."""
    if meanings.count("title") < 2:
        return meanings
    return ["" if key_of(name) == "title" else meaning for meaning, name in zip(meanings, names, strict=True)]


def without_footer(
    rows: Iterable[tuple[int, Row]], width: int, skipped: list[Row] | None = None
) -> Iterator[tuple[int, Row]]:
    """The rows without blank ones, and without the lines of notes and sums at the end."""
    held: list[tuple[int, Row]] = []
    after_blank = False
    for number, row in rows:
        if _is_blank(row):
            after_blank = True
        elif (after_blank or held or _is_sum(row)) and _may_end(row, width) and len(held) < FOOTER_ROWS:
            held.append((number, row))
        else:
            if held:
                yield from held
                held.clear()
            after_blank = False
            yield number, row
    if skipped is not None:
        skipped.extend(row for _number, row in held)


def _is_blank(row: Row) -> bool:
    return not (row.problem or any(text and not text.isspace() for text in row.cells))


def _may_end(row: Row, width: int) -> bool:
    return width > 2 and not row.problem and (_is_sum(row) or filled(row.cells) == 1)


def _is_sum(row: Row) -> bool:
    """ "Total | 31": beside that word there are only numbers."""
    if not SUM.match(next((text for text in row.cells if text), "").lstrip()):
        return False
    return all(NUMBER.fullmatch(text) for text in [text.strip() for text in row.cells if text.strip()][1:])
