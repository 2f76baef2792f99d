"""Encodings, delimiters, the line of names, and rows that are broken."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.reading import MEANINGS, BadFile, Choices, inspect, read
from portal.imports.reading.delimited import rows_in
from portal.imports.reading.limits import LONGEST_LINE, LONGEST_ROW
from portal.imports.reading.lines import TOO_LONG
from tests.imports.reading import made

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = [
    ["Full name", "Email", "Company"],
    ["Zoë Müller", "zoe@example.org", "Köln & Söhne"],
    ["Max Ford", "max@example.org", "Cars"],
]


@pytest.mark.parametrize(("encoding", "sure"), [
    ("utf-8", True), ("utf-8-sig", True), ("utf-16", True), ("utf-16-le", False), ("utf-16-be", False), ("cp1252", False),
])  # fmt: skip
def test_only_a_mark_or_strict_utf8_is_sure(tmp_path: Path, encoding: str, sure: bool) -> None:
    source = made.looked_at(tmp_path, made.table(*PEOPLE), encoding=encoding)
    assert (source.choices.encoding, source.encoding_sure) == (encoding, sure)
    assert source.preview[0].full_name == "Zoë Müller"
    assert any("UTF" in note for note in source.notes), "the encoding is shown, never silently guessed"


def test_another_encoding_can_be_chosen(tmp_path: Path) -> None:
    path = made.saved(tmp_path, made.table(["Name"], ["Łukasz Żak"]), encoding="iso8859-2")
    source = inspect(path, path.name)
    assert source.preview[0].full_name != "Łukasz Żak"
    again = inspect(path, path.name, replace(source.choices, encoding="iso8859-2"))
    assert again.preview[0].full_name == "Łukasz Żak"
    assert again.choices.encoding == "iso8859-2"


def test_the_wrong_encoding_is_told_row_by_row(tmp_path: Path) -> None:
    path = made.saved(tmp_path, made.table(*PEOPLE), encoding="cp1252")
    zoe, max_ = read(path, path.name, replace(inspect(path, path.name).choices, encoding="utf-8"))
    assert "can't be read in the chosen encoding" in zoe.problems[0]
    assert max_.problems == ()


@pytest.mark.parametrize("encoding", ["zip", "rot13", "idna", "unicode_escape", "nonsense", ""])
def test_no_other_codec_can_be_called_for(tmp_path: Path, encoding: str) -> None:
    path = made.saved(tmp_path, made.table(*PEOPLE))
    with pytest.raises(BadFile, match="encodings of the list"):
        list(read(path, path.name, Choices("csv", encoding, ",", mapping=("full_name", "address", "organisation"))))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_reading(tmp_path: Path, delimiter: str) -> None:
    source = made.looked_at(tmp_path, made.table(*PEOPLE, delimiter=delimiter))
    assert (source.choices.delimiter, source.delimiter_sure) == (delimiter, True)
    assert source.format == ("tsv" if delimiter == "\t" else "csv")
    assert [column.meaning for column in source.columns] == ["full_name", "address", "organisation"]


def test_a_delimiter_inside_cells_deceives_nobody(tmp_path: Path) -> None:
    rows = [["Name", "Email"], ["Byron, Ada; Countess", "a@example.org"], ["x,y,z;q", "b@example.org"]]
    source = made.looked_at(tmp_path, made.table(*rows, delimiter="\t"))
    assert source.choices.delimiter == "\t"
    assert len(source.columns) == 2


def test_a_file_may_name_its_delimiter(tmp_path: Path) -> None:
    source = made.looked_at(tmp_path, "sep=;\r\nName;Email\r\nAda Byron;a@example.org\r\n")
    assert (source.choices.delimiter, source.choices.header_row) == (";", 2)
    assert source.preview[0].full_name == "Ada Byron"


def test_a_doubtful_delimiter_is_not_sure_and_can_be_chosen(tmp_path: Path) -> None:
    path = made.saved(tmp_path, "one;two,three\na;b,c\nd;e,f\n")
    source = inspect(path, path.name)
    assert not source.delimiter_sure
    assert any("may also be" in note for note in source.notes)
    other = inspect(path, path.name, replace(source.choices, delimiter=";", mapping=()))
    assert [column.name for column in other.columns] == ["one", "two,three"]


def test_columns_that_are_not_known_wait_for_a_person(tmp_path: Path) -> None:
    path = made.saved(tmp_path, made.table(["Wer", "Wo"], ["Ada Byron", "ada@example.org"]))
    source = inspect(path, path.name)
    assert [(column.meaning, column.sure, column.samples) for column in source.columns] == [
        ("ignore", False, ("Ada Byron",)), ("ignore", False, ("ada@example.org",)),
    ]  # fmt: skip
    assert any("choose what each one means" in note for note in source.notes)
    mapped = replace(source.choices, mapping=("full_name", "address"))
    assert inspect(path, path.name, mapped).preview[0].full_name == "Ada Byron"
    assert next(read(path, path.name, mapped)).addresses == ("ada@example.org",)


def test_choices_survive_json() -> None:
    choices = Choices("csv", "cp1252", ";", "", 3, ("full_name", "ignore"), "dmy", "BambooHR")
    assert Choices.from_dict(choices.to_dict()) == choices
    assert Choices.from_dict(choices.to_dict() | {"of_a_later_version": 1}) == choices


@pytest.mark.parametrize("wrong", [
    {"format": "ods"}, {"delimiter": "x"}, {"delimiter": ""}, {"mapping": ("nonsense",)}, {"date_order": "ydm"}, {"header_row": -1},
])  # fmt: skip
def test_choices_that_do_not_fit_are_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    path = made.saved(tmp_path, made.table(*PEOPLE))
    choices = Choices.from_dict(inspect(path, path.name).choices.to_dict() | wrong)
    for begin in (read, inspect):
        with pytest.raises(BadFile, match="do not fit"):
            begin(path, path.name, choices)


def test_choices_of_another_file_do_not_fit(tmp_path: Path) -> None:
    path = made.workday(tmp_path / "leavers.xlsx")
    with pytest.raises(BadFile, match="do not fit"):
        read(path, path.name, Choices("csv", "utf-8", ",", mapping=("full_name",)))


def test_a_file_without_names_can_be_read_when_somebody_says_so(tmp_path: Path) -> None:
    path = made.saved(tmp_path, "Ada Byron,a@example.org\nMax Ford,m@example.org\n")
    choices = Choices("csv", "utf-8", ",", header_row=0, mapping=("full_name", "address"))
    assert [column.name for column in inspect(path, path.name, choices).columns] == ["Column 1", "Column 2"]
    assert [record.full_name for record in read(path, path.name, choices)] == ["Ada Byron", "Max Ford"]


def test_row_numbers_count_blank_rows(tmp_path: Path) -> None:
    rows = made.records(tmp_path, "Name,Email,Company\nAda Byron,a@example.org,X\n\n,,\nMax Ford,m@example.org,Y\n")
    assert [(record.row, record.full_name) for record in rows] == [(1, "Ada Byron"), (4, "Max Ford")]


def test_a_short_line_in_the_middle_is_no_footer(tmp_path: Path) -> None:
    rows = made.records(
        tmp_path, "Name,Email,Company\nAda Byron,a@example.org,X\n\nnote\nMax Ford,m@example.org,Y\nTotal,2,\n"
    )
    assert [(record.row, bool(record.problems)) for record in rows] == [(1, False), (3, True), (4, False)]


def test_the_footer_of_a_long_file_is_told(tmp_path: Path) -> None:
    people = "".join(f"Ada{number} Byron,a{number}@example.org,X\n" for number in range(3_000))
    path = made.saved(tmp_path, f"Name,Email,Company\n{people}\nReport of leavers\nConfidential\n")
    source = inspect(path, path.name)
    assert any("Skipped 2 lines at the end: “Report of leavers”" in note for note in source.notes)
    assert 3_000 <= source.rows_seen <= 3_003, "an estimate"
    assert sum(1 for _record in read(path, path.name, source.choices)) == 3_000


def test_dates_in_two_orders_are_asked(tmp_path: Path) -> None:
    """T4."""
    path = made.saved(tmp_path, "Name,End date\nAda Byron,03/04/2014\nMax Ford,05/06/2015\n")
    source = inspect(path, path.name)
    assert (source.choices.date_order, source.date_order_sure) == ("", False)
    assert any("03/04/2014" in note for note in source.notes)
    assert "two ways" in source.preview[0].problems[0]
    ada, _max = read(path, path.name, replace(source.choices, date_order="mdy"))
    assert ada.stints[0].end.text == "2014-03-04"


def test_one_date_can_prove_the_order_of_all(tmp_path: Path) -> None:
    """T4."""
    source = made.looked_at(tmp_path, "Name,End date\nAda Byron,03/04/2014\nMax Ford,25/06/2015\n")
    assert (source.choices.date_order, source.date_order_sure) == ("dmy", True)
    assert source.preview[0].stints[0].end.text == "2014-04-03"


def test_a_broken_row_costs_only_itself(tmp_path: Path) -> None:
    text = 'Name,Email,Company\n"Ada Byron,a@example.org,X\n"Max, jun." Ford,m@example.org,Y\nEva Lind,e@example.org,Z\n"Ida\nLind",i@example.org,Z\n"open'
    rows = made.records(tmp_path, text)
    assert [(record.row, record.full_name) for record in rows] == [
        (1, ""),
        (2, ""),
        (3, "Eva Lind"),
        (4, "Ida Lind"),
        (5, ""),
    ]
    assert "quotation mark" in rows[0].problems[0]


def test_shifted_rows_and_rows_of_one_cell_are_left_out(tmp_path: Path) -> None:
    rows = made.records(
        tmp_path, "Name,Email,Company\nAda,a@example.org,X,Y\nAda,a@example.org,X,,\njunk\nMax,m@example.org\n"
    )
    assert [bool(record.problems) for record in rows] == [True, False, True, False]
    assert rows[0].full_name == ""


def test_a_line_that_is_too_long_is_skipped_without_being_held(tmp_path: Path) -> None:
    long = "x" * (3 * LONGEST_LINE)
    rows = made.records(tmp_path, f"Name,Email,Company\n{long}\nMax Ford,m@example.org,Y\n")
    assert [(record.row, record.full_name) for record in rows] == [(1, ""), (2, "Max Ford")]
    assert "longer than" in rows[0].problems[0]


def test_a_quote_that_never_closes_does_not_swallow_the_file() -> None:
    lines = ['"never closed,x\n', *["a,b\n"] * (LONGEST_ROW // 4 + 10), TOO_LONG, "c,d\n"]
    rows = list(rows_in(lines, ","))
    assert [bool(row.problem) for row in rows[:2]] == [True, False]
    assert len(rows) == len(lines)
    assert rows[-1].cells == ["c", "d"]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@given(
    st.data(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
)
def test_what_was_written_is_read_back(data: st.DataObject, delimiter: str, quoting: int) -> None:
    width = data.draw(st.integers(1, 5))
    rows = data.draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8))
    text = made.table(*rows, delimiter=delimiter, quoting=quoting)
    assert [row.cells for row in rows_in(_lines(text), delimiter)] == rows


def _lines(text: str) -> list[str]:
    return [line + "\r\n" for line in text.split("\r\n")[:-1]]


NAME = st.text("abcdefgABCDEFGéßłŻ-' ;,|\t\"", min_size=1, max_size=20).map(lambda text: f"A{text}b")


@given(st.lists(NAME, min_size=1, max_size=5), st.sampled_from([",", ";", "\t", "|"]),
       st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1250", "cp1252", "iso8859-15"]),
       st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))  # fmt: skip
def test_any_delimiter_encoding_and_quoting_gives_the_same_values(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], delimiter: str, encoding: str, quoting: int
) -> None:
    rows = [["Company", "Email"], *([name, f"p{number}@example.org"] for number, name in enumerate(names))]
    content = made.table(*rows, delimiter=delimiter, quoting=quoting).encode(encoding, "ignore")
    path = made.saved(tmp_path_factory.getbasetemp(), content, "any.csv")
    source = inspect(path, path.name)
    assert source.choices.delimiter == delimiter
    found = [
        record.stints[0].organisation for record in read(path, path.name, replace(source.choices, encoding=encoding))
    ]
    expected = [" ".join(name.encode(encoding, "ignore").decode(encoding).split()) for name in names]
    assert found == expected


FIELDS = {"Full name": "Ada Byron", "Email": "a@example.org", "Company": "Engines", "Job title": "Analyst", "End date": "2014-06",
          "Employee ID": "0012", "Phone": "+44 20 7", "Former employers": "Looms until 2009"}  # fmt: skip


@given(st.permutations(list(FIELDS)))
def test_the_order_of_columns_does_not_matter(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    content = made.table(names, [FIELDS[name] for name in names])
    (record,) = made.records(tmp_path_factory.getbasetemp(), content)
    (expected,) = made.records(tmp_path_factory.getbasetemp(), made.table(list(FIELDS), list(FIELDS.values())))
    assert record == expected
    assert record.full_name == "Ada Byron"


def test_every_meaning_that_is_proposed_can_be_chosen(tmp_path: Path) -> None:
    from portal.imports.reading.layouts import LAYOUTS
    from portal.imports.reading.meanings import BY_KEY, PATTERNS

    proposed = {*BY_KEY.values(), *(meaning for _pattern, meaning in PATTERNS)}
    proposed |= {meaning for layout in LAYOUTS for meaning in layout.meanings.values()}
    assert proposed <= set(MEANINGS)
