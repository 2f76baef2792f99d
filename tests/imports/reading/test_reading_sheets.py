"""Excel files: values as people see them, and the guard before anything is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from portal.imports.reading import BadFile, inspect, read
from portal.imports.reading.limits import MOST_CELLS
from tests.imports.reading import made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"


def workbook(folder: Path, *rows: list[object], name: str = "people.xlsx") -> Path:
    """A plain workbook with one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def with_sheet(folder: Path, sheet: str | bytes, strings: str = "", name: str = "forged.xlsx") -> Path:
    """A real workbook with another sheet put into it."""
    source = workbook(folder, ["Name", "Email"], ["Ada Byron", "a@example.org"])
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part == SHEET:
                new.writestr(part, sheet)
            elif part == "xl/sharedStrings.xml" and strings:
                new.writestr(part, strings)
            else:
                new.writestr(part, old.read(part))
    return folder / name


def test_numbers_dates_and_truths_become_what_a_person_would_type(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, ["Employee ID", "Name", "Start date", "End date", "Unsubscribed", "Seen on"],
        [1998, "Ada Byron", 2009, date(2014, 6, 30), True, datetime(2019, 3, 27, 12, 30)], ["0042", "Max Ford", "2010-05", None, False, None],
    )  # fmt: skip
    source = inspect(path, path.name)
    ada, max_ = read(path, path.name, source.choices)
    assert (ada.external_ids, max_.external_ids) == ((("Own list", "1998"),), (("Own list", "0042"),))
    assert (ada.stints[0].start.text, ada.stints[0].end.text) == ("2009", "2014-06-30")
    assert (ada.unsubscribed, max_.unsubscribed, ada.seen_on) == (True, False, "2019-03-27")
    assert source.columns[0].samples == ("1998", "0042")
    assert ada.problems == max_.problems == ()


def test_another_sheet_can_be_chosen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["nothing of interest"])
    for title in ("Staff", "Leavers"):
        book.create_sheet(title).append(["Name", "Email"])
        book[title].append([f"{title} Byron", "a@example.org"])
    book["Leavers"].sheet_state = "hidden"
    path = tmp_path / "people.xlsx"
    book.save(path)
    source = inspect(path, path.name)
    assert (source.sheets, source.choices.sheet) == (("Sheet", "Staff"), "Staff"), "hidden sheets stay hidden"
    assert inspect(path, path.name, replace(source.choices, sheet="Staff")).preview[0].full_name == "Staff Byron"
    for nowhere in ("Leavers", "Nowhere"):
        with pytest.raises(BadFile, match="no sheet with that name"):
            list(read(path, path.name, replace(source.choices, sheet=nowhere)))


def test_a_table_that_begins_further_down_keeps_its_row_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for column, text in enumerate(["Name", "Email"], start=2):
        book.active.cell(4, column, text)
    book.active.cell(5, 2, "Ada Byron")
    path = tmp_path / "people.xlsx"
    book.save(path)
    source = inspect(path, path.name)
    assert (source.choices.header_row, source.preview[0].row) == (4, 1)
    assert source.preview[0].full_name == "Ada Byron"


def test_formula_cells_are_told_and_never_reckoned(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Email", "Company"])
        sheet.write_formula(1, 0, '=HYPERLINK("http://example.org")', None, "Ada Byron")
        sheet.write_string(1, 2, "=1+1")
        sheet.write_formula(2, 0, "=A1/0", None, "#DIV/0!")
        sheet.write_string(2, 1, "m@example.org")
    source = inspect(path, path.name)
    assert any("2 cells hold formulas" in note for note in source.notes)
    ada, max_ = source.preview
    assert (ada.full_name, ada.stints) == ("Ada Byron", ())
    assert "formula" in ada.problems[0]
    assert (max_.full_name, max_.addresses) == ("", ("m@example.org",))


@pytest.mark.parametrize("write", [
    lambda sheet: "".join(f'<row><c t="inlineStr"><is><t>{name}</t></is></c><c t="inlineStr"><is><t>{mail}</t></is></c></row>'
                          for name, mail in [("Name", "Email"), ("Ada", "a@example.org")]),
    lambda sheet: "".join(f"<row r='{row}'><c r='A{row}' t='inlineStr'><is><t>{name}</t></is></c><c r = \"B{row}\" t='inlineStr'>"
                          f"<is><t>{mail}</t></is></c></row>" for row, (name, mail) in enumerate([("Name", "Email"), ("Ada", "a@example.org")], 1)),
])  # fmt: skip
def test_sheets_written_in_unusual_ways_are_read(tmp_path: Path, write: Callable[[object], str]) -> None:
    path = with_sheet(tmp_path, HEAD + write(None) + TAIL)
    assert inspect(path, path.name).preview[0].addresses == ("a@example.org",)


def bomb_ratio(folder: Path) -> Path:
    return with_sheet(folder, HEAD + "<row/>" * 2_000_000 + TAIL)


def bomb_of_parts(folder: Path) -> Path:
    path = folder / "parts.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(1_100):
            archive.writestr(f"xl/{number}.xml", "")
    return path


def bomb_of_names(folder: Path) -> Path:
    path = folder / "names.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(30):
            archive.writestr(f"xl/{number}{'x' * 60_000}.xml", "")
    return path


def last_corner(folder: Path) -> Path:
    return with_sheet(
        folder,
        HEAD + '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + TAIL,
    )


def last_corner_in_disguise(folder: Path) -> Path:
    cells = "<row r='1'><x:c xmlns:x='a' r='A1'><v>1</v></x:c><c x='<c r=\"B1\"' r='XFD1048576'><v>1</v></c></row>"
    return with_sheet(folder, HEAD + cells.replace("x='<c", "x='&lt;c") + TAIL)


def cells_without_places(folder: Path) -> Path:
    return with_sheet(
        folder, HEAD + "<row>" + "<c><v>1</v></c>" * 2_000 + "</row>" + "<row><c><v>1</v></c></row>" * 2_000 + TAIL
    )


def long_text_many_times(folder: Path) -> Path:
    strings = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"x" * 30_000}</t></si></sst>'
    )
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 3_000))
    return with_sheet(folder, HEAD + cells + TAIL, strings)


def too_many_cells(folder: Path) -> Path:
    return with_sheet(folder, HEAD + f'<row r="{MOST_CELLS // 2}"><c r="C{MOST_CELLS // 2}"><v>1</v></c></row>' + TAIL)


@pytest.mark.parametrize("build", [
    bomb_ratio, bomb_of_parts, bomb_of_names, last_corner, last_corner_in_disguise, cells_without_places, long_text_many_times,
    too_many_cells,
])  # fmt: skip
def test_an_archive_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, build: Callable[[Path], Path]) -> None:
    path = build(tmp_path)
    with pytest.raises(BadFile, match=r"too large|spans more than|too much text|damaged") as refused:
        inspect(path, path.name)
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(("told", "sentence"), [(100, "damaged"), (300_000_000, "too large")])
def test_a_part_that_lies_about_its_size_is_counted_not_believed(tmp_path: Path, told: int, sentence: str) -> None:
    path = with_sheet(tmp_path, HEAD + "<row/>" * 100_000 + TAIL)
    content = bytearray(path.read_bytes())
    at = content.rfind(SHEET.encode()) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<L", content, at + 24, told)
    path.write_bytes(content)
    with pytest.raises(BadFile, match=sentence):
        inspect(path, path.name)


@pytest.mark.parametrize(("parts", "sentence"), [
    ({"people.csv": "Name"}, "not an Excel file"), ({"xl/workbook.xml": "x", "../evil": "x"}, "damaged"),
    ({"xl/workbook.xml": "x", "/etc/passwd": "x"}, "damaged"), ({"xl/workbook.xml": "<x"}, "damaged"),
    ({"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "aa">]><x/>'}, "damaged"), ({"xl/workbook.xml": "<x/>".encode("utf-16").decode("latin-1")}, "damaged"),
])  # fmt: skip
def test_archives_that_are_no_workbook(tmp_path: Path, parts: dict[str, str], sentence: str) -> None:
    path = tmp_path / "people.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(BadFile, match=sentence):
        inspect(path, path.name)


def test_a_cut_off_workbook_is_damaged(tmp_path: Path) -> None:
    whole = workbook(tmp_path, ["Name", "Email"], ["Ada Byron", "a@example.org"]).read_bytes()
    for length in range(4, len(whole), 97):
        path = made.saved(tmp_path, whole[:length], "cut.xlsx")
        with pytest.raises(BadFile, match="damaged"):
            inspect(path, path.name)


def test_comments_pictures_and_other_parts_are_not_looked_at(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Name", "Email"])
    book.active.append(["Ada Byron", "a@example.org"])
    book.active["A2"].comment = Comment("a remark", "Max")
    buffer = io.BytesIO()
    book.save(buffer)
    path = made.saved(tmp_path, buffer.getvalue(), "people.xlsx")
    assert inspect(path, path.name).preview[0].full_name == "Ada Byron"
