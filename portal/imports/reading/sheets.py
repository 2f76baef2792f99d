"""Rows of an Excel file, read by calamine once a guard has measured what it would have to hold."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from portal.imports.reading.archives import BROKEN, copy_needed
from portal.imports.reading.delimited import Row
from portal.imports.reading.limits import MOST_SHEETS
from portal.imports.reading.measuring import Measure
from portal.imports.reading.source import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineSheet

NO_SHEET = "The file has no sheet with that name."
NO_SHEETS = "The file has no sheet with rows."


class Workbook:
    """A workbook that was found safe to open; `names` are its visible sheets."""

    def __init__(self, book: CalamineWorkbook, formulas: int) -> None:
        self._book = book
        self.formulas = formulas
        self.names = tuple(
            sheet.name
            for sheet in book.sheets_metadata[:MOST_SHEETS]
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        )
        if not self.names:
            raise BadFile(NO_SHEETS)

    def sheet(self, name: str) -> Sheet:
        """One of its sheets."""
        if name not in self.names:
            raise BadFile(NO_SHEET)
        with _speaking_plainly():
            return Sheet(self._book.get_sheet_by_name(name))


class Sheet:
    """One sheet, taken into memory whole."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._sheet = sheet
        self.height = sheet.end[0] + 1 if sheet.end else 0

    def rows(self) -> Iterator[Row]:
        """The rows from the very first of the sheet, with every value as text."""
        with _speaking_plainly():
            for cells in self._sheet.iter_rows():
                yield Row([cell if isinstance(cell, str) else _text(cell) for cell in cells])


@contextmanager
def opened(path: Path) -> Iterator[Workbook]:
    """Open a workbook after measuring it; what is opened is a copy of what was measured."""
    with TemporaryDirectory(prefix="import-") as folder:
        copy = Path(folder) / "copy.xlsx"
        measure = Measure()
        copy_needed(path, copy, measure.look)
        measure.check(copy)
        with _speaking_plainly():
            book = CalamineWorkbook.from_path(copy)
        yield Workbook(book, measure.formulas)


def rows_of(path: Path, sheet: str) -> Iterator[Row]:
    """All rows of one sheet of a file."""
    with opened(path) as book:
        yield from book.sheet(sheet).rows()


@contextmanager
def _speaking_plainly() -> Iterator[None]:
    """Whatever calamine has against a file is one sentence; a panic in it is no Exception, so it is known by its name."""
    try:
        yield
    except (CalamineError, OSError, ValueError, OverflowError):
        raise BadFile(BROKEN) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise BadFile(BROKEN) from None
        raise


def _text(value: object) -> str:
    """A value as a person would type it: 1998.0 is 1998, midnight is a day."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute or value.second) else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)
