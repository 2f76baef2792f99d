"""Rows of CSV and its kin; a broken row is told and the reading goes on with the line after it."""

from __future__ import annotations

import csv
import io
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from portal.imports.reading.limits import LONGEST_LINE, LONGEST_ROW
from portal.imports.reading.lines import TOO_LONG, lines_of, open_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TAIL = 8192  # bytes; even, so that two bytes of one letter stay together
OPEN_QUOTE = "A quotation mark in this row is not closed or stands inside a cell, so the row can't be read."
LONG_LINE = f"This row is longer than {LONGEST_LINE:,} characters, so it was left out."
NOT_TEXT = "This row holds bytes that are no text, so it was left out."


class Row(NamedTuple):
    """The cells of one row; when `problem` says that it can't be read, there are none."""

    cells: list[str]
    problem: str = ""


class _BrokenRow(Exception):
    """The row that is being read can't be finished."""


class _Feed:
    """Hands lines to the CSV reader, and takes those back that a broken row had swallowed."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._again = lines, deque[str]()
        self._taken: list[str] = []
        self._size = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._taken.append(line)
        self._size += len(line)
        if "\0" in line:
            raise _BrokenRow(LONG_LINE if line == TOO_LONG else NOT_TEXT)
        if self._size > LONGEST_ROW:
            raise _BrokenRow(OPEN_QUOTE)
        return line

    def begin(self) -> None:
        """A new row begins."""
        self._taken.clear()
        self._size = 0

    def give_back(self) -> None:
        """The row is broken: only its first line is lost."""
        self._again.extendleft(reversed(self._taken[1:]))


def rows_of(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """All rows of a file, blank ones too."""
    with open_text(path, encoding) as file:
        yield from rows_in(lines_of(file), delimiter)


def last_rows(path: Path, encoding: str, delimiter: str) -> list[Row]:
    """The rows at the end of a file, without reading what stands before them."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        text = io.StringIO(file.read().decode(encoding, "replace"), newline="")
    return list(rows_in(islice(lines_of(text), 1, None), delimiter))


def rows_in(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """The rows that some lines make; strictly, because a stray quotation mark shifts all cells after it."""
    feed = _Feed(iter(lines))
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _BrokenRow) as error:
            feed.give_back()
            yield Row([], str(error) if isinstance(error, _BrokenRow) else OPEN_QUOTE)
        else:
            yield Row(cells)
