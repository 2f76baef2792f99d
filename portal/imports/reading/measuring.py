"""What a workbook would fill the memory with: measured on its XML, before a spreadsheet reader takes it in.

A spreadsheet reader holds the whole rectangle that a sheet spans, so one cell in the last corner is enough to ask for
gigabytes; and it holds a text once for each cell that refers to it. Nearly all files are written in one plain way and
are measured by a quick search. Any that are not, or that seem too large, are measured exactly by a real parser.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from typing import TYPE_CHECKING
from xml.parsers import expat

from portal.imports.reading.limits import LARGEST_SMALL_PART, MEBIBYTE, MOST_CELLS, MOST_SHEET_TEXT
from portal.imports.reading.source import BadFile

if TYPE_CHECKING:
    from pathlib import Path

STRINGS = "xl/sharedstrings.xml"
COLUMN = re.compile(rb'<c r="([A-Z]{1,3})[1-9]\d{0,6}"')  # twice, because two short lists are faster than one of pairs
ROW = re.compile(rb'<c r="[A-Z]{1,3}([1-9]\d{0,6})"')
VALUE = re.compile(rb"<v>([^<]*)")
STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})")
PREFIXED = tuple(f":{name}{after}".encode() for name in "cv" for after in " \t\r\n/>")
DAMAGED = "This Excel file is damaged. Open it in a spreadsheet program and save it once more."
TOO_MUCH = (
    f"A sheet of this file spans more than {MOST_CELLS:,} cells, empty ones included. Save it as CSV and choose that."
)
TOO_MUCH_TEXT = "A sheet of this file holds too much text. Save it as CSV and choose that."


class Measure:
    """Sees each part of a workbook piece by piece, and remembers which ones have to be measured exactly."""

    def __init__(self) -> None:
        self.formulas = 0
        self._sizes: dict[str, int] = {}
        self._strings = array("Q")  # where each shared string begins in its part
        self._sheets: dict[str, _Quick] = {}

    def look(self, part: str, piece: bytes) -> None:
        """See one piece; no tag is cut by its ends."""
        part = part.casefold()
        if b"\0" in piece or b"<!" in piece:  # neither another encoding than UTF-8 nor entities, comments and the like
            raise BadFile(DAMAGED)
        before = self._sizes.get(part, 0)
        self._sizes[part] = before + len(piece)
        if part == STRINGS:
            self._strings.extend(before + found.start() for found in STRING.finditer(piece))
            if len(self._strings) > MOST_CELLS:
                raise BadFile(TOO_MUCH)
        elif (b"<si" in piece or b":si" in piece) and STRING.search(piece):  # shared strings under another name
            raise BadFile(DAMAGED)
        elif "/worksheets/" in part:
            self.formulas += piece.count(b"<f>") + piece.count(b"<f ")
        elif self._sizes[part] > LARGEST_SMALL_PART:
            raise BadFile(TOO_MUCH)
        self._sheets.setdefault(part, _Quick()).look(piece)

    def check(self, copy: Path) -> None:
        """Refuse the workbook if one of its sheets is too large; `copy` holds the parts that were seen."""
        lengths = self._lengths()
        for part, quick in self._sheets.items():
            if not quick.is_small_enough(lengths):
                _Exact(lengths).check(copy, part)

    def _lengths(self) -> array[int]:
        """How long each shared string is at most."""
        ends = array("Q", [*self._strings[1:], self._sizes.get(STRINGS, 0)])
        return array("Q", (end - start for start, end in zip(self._strings, ends, strict=False)))


class _Quick:
    """Measures a part that is written in the plain way; `is_plain` tells whether it is."""

    def __init__(self) -> None:
        self.is_plain = True
        self.cells = self.rows = 0
        self.columns: set[bytes] = set()
        self.values: array[int] = array("Q")  # numbers of shared strings, and other numbers along with them

    def look(self, piece: bytes) -> None:
        found = COLUMN.findall(piece)
        values = VALUE.findall(piece)
        self.is_plain = (
            self.is_plain
            and piece.count(b"<c") - piece.count(b"<col") == len(found)
            and piece.count(b"<v") == len(values)
            and not ((b":c" in piece or b":v" in piece) and any(mark in piece for mark in PREFIXED))
            and not any(b"&" in value for value in values)
        )
        if not self.is_plain or not found:
            return
        self.cells += len(found)
        if self.cells > MOST_CELLS:
            self.is_plain = False
            return
        self.columns.update(found)
        self.rows = max(self.rows, *map(int, set(ROW.findall(piece))))
        self.values.extend(int(value) for value in values if value.isdigit() and len(value) < 9)

    def is_small_enough(self, lengths: array[int]) -> bool:
        columns = max((_column(letters.decode()) for letters in self.columns), default=0)
        if not self.is_plain or columns * self.rows > MOST_CELLS:
            return False
        known = len(lengths)
        return sum(lengths[value] for value in self.values if value < known) <= MOST_SHEET_TEXT


class _Exact:
    """Measures a part by parsing it; cells that hold nothing count for nothing."""

    def __init__(self, lengths: array[int]) -> None:
        self._lengths = lengths
        self._row = self._column = 0  # where the cell stands that is open
        self._height = self._width = self._cells = self._text = 0
        self._is_shared = False
        self._value: list[str] | None = None

    def check(self, copy: Path, part: str) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            with zipfile.ZipFile(copy) as archive, archive.open(_named(archive, part)) as file:
                while piece := file.read(MEBIBYTE):
                    parser.Parse(piece, False)
                parser.Parse(b"", True)
        except (expat.ExpatError, ValueError):
            raise BadFile(DAMAGED) from None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif name == "c":
            self._place(attributes.get("r", ""))
            self._is_shared = attributes.get("t") == "s"
        elif name in ("v", "is", "f"):
            self._count()
            self._value = [] if name == "v" and self._is_shared else None

    def _place(self, reference: str) -> None:
        if not reference:
            self._column += 1
            return
        found = REFERENCE.fullmatch(reference)
        if not found:
            raise BadFile(DAMAGED)
        self._column, self._row = _column(found[1].upper()), int(found[2])

    def _count(self) -> None:
        self._cells += 1
        self._height, self._width = max(self._height, self._row), max(self._width, self._column)
        if self._cells > 2 * MOST_CELLS or self._height * self._width > MOST_CELLS:
            raise BadFile(TOO_MUCH)

    def _characters(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text[:20])

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "v" or self._value is None:
            return
        number = "".join(self._value[:20]).strip()
        self._value = None
        if number.isdigit() and int(number) < len(self._lengths):
            self._text += self._lengths[int(number)]
        if self._text > MOST_SHEET_TEXT:
            raise BadFile(TOO_MUCH_TEXT)


def _named(archive: zipfile.ZipFile, part: str) -> str:
    return next(name for name in archive.namelist() if name.casefold() == part)


def _column(letters: str) -> int:
    """ "A" → 1, "AA" → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
