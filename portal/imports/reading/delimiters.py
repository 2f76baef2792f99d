"""Which mark stands between the cells: each is tried by the real reader on the beginning of the file."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from portal.imports.reading.delimited import rows_in
from portal.imports.reading.headers import SEPARATOR, find_header, known_in
from portal.imports.reading.limits import HEAD_ROWS
from portal.imports.reading.lines import lines_of, open_text
from portal.imports.reading.source import DELIMITERS

if TYPE_CHECKING:
    from pathlib import Path

    from portal.imports.reading.delimited import Row


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """How well the beginning reads with one delimiter; the larger the better."""

    known: int  # names of columns that are recognised
    alike: int  # rows that have as many cells as there are names
    names: int


def propose_delimiter(path: Path, encoding: str) -> tuple[str, bool, str]:
    """The delimiter, whether it is sure, and a sentence that says why."""
    with open_text(path, encoding) as file:
        lines = list(islice(lines_of(file), HEAD_ROWS))
    if lines and SEPARATOR.fullmatch(told := lines[0].strip()) and told[-1] in DELIMITERS:
        return told[-1], True, f"The file says itself that a {DELIMITERS[told[-1]]} stands between the cells."
    scores = {delimiter: _score(lines, delimiter) for delimiter in DELIMITERS}
    best, second = sorted(scores, key=lambda delimiter: scores[delimiter], reverse=True)[:2]
    if scores[best].names < 2:
        return ",", scores[best].known > 0, "The file has one column."
    sure = scores[second].names < 2 or scores[best].known > scores[second].known + 1
    doubt = "" if sure else f" It may also be a {DELIMITERS[second]}; check the columns below."
    return best, sure, f"A {DELIMITERS[best]} stands between the cells.{doubt}"


def _score(lines: list[str], delimiter: str) -> Score:
    rows = [row for row in rows_in(lines, delimiter) if row.cells or row.problem]
    header = find_header(rows)
    if not header:
        return Score(0, 0, max((len(row.cells) for row in rows), default=0) if _even(rows) else 0)
    names = rows[header - 1].cells
    alike = sum(len(row.cells) == len(names) for row in rows[header:]) if len(names) > 1 else 0
    return Score(known_in(names), alike, len(names))


def _even(rows: list[Row]) -> bool:
    return len({len(row.cells) for row in rows}) == 1
