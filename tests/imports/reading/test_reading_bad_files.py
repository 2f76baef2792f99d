"""Bad files get one clear sentence, change nothing, and never take the process over 512 MB."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.imports.reading import BadFile, Source, inspect, read
from portal.imports.reading.limits import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS
from tests.imports.reading import made

HERE = Path(__file__).resolve().parents[3]
MEBIBYTE = 2**20
CEILING = 512  # MB


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", "The file is empty."),
    (b"\n\n\n", "not a line of column names"),
    (b"\x00\x01\x02\x03" * 500, "not text"),
    (bytes(range(256)) * 40, "not text"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 200, "not text"),
    (b"%PDF-1.4 ...", "PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old Excel file"),
    (b"\x1f\x8b\x08\x00", "packed"),
    (b"PK\x03\x04 broken", "damaged"),
    (b"<!DOCTYPE html><table><tr><td>Name</td></tr></table>", "web page"),
    (b"\xef\xbb\xbf <html>", "web page"),
    (b"Name,Email\n", "no rows under them"),
    (b"Ada Byron,ada@example.org,2014\nMax Ford,max@example.org,2015\n", "not a line of column names"),
    (b"2014,5\n2015,6\n", "not a line of column names"),
    (b'"Name,Email\nAda,a@example.org\n', "first line should name the columns, but it can't be read. A quotation mark"),
    (b"\xff\xd8\xff\xe0\x10JFIF\x01\x02" * 100, "not text"),
    (b"y" * 1_000_000, "first line should name the columns, but it can't be read. This row is longer than"),
    (b"Name,Email\n" + b"x" * 5_000_000, None),
    (b"Name,Email,Company\n" + b"junk\n" * 10_000, "None of the first 20 rows can be read"),
    (b"Name,Email,Company\n" + b'"a "b" c,d,e\n' * 10_000, "None of the first 20 rows can be read"),
    (b"Name,Email,Company\n" + b"a,b,c,d,e,f\n" * 10_000, "None of the first 20 rows can be read"),
    (b"Name," + b"x," * MOST_COLUMNS + b"\n" + b"Ada," + b"y," * MOST_COLUMNS, f"more than {MOST_COLUMNS} columns"),
    (b"a\n" * (MOST_ROWS + 2), "more than 1,000,000 rows"),
])  # fmt: skip
def test_each_bad_file_has_its_sentence(tmp_path: Path, content: bytes, sentence: str | None) -> None:
    """T3: reading changes nothing."""
    path = made.saved(tmp_path, content)
    if sentence is None:  # bad, but not so bad that nothing can be said of its rows
        assert any(record.problems for record in inspect(path, path.name).preview)
        return
    with pytest.raises(BadFile, match=sentence) as refused:
        inspect(path, path.name)
    assert isinstance(refused.value, Invalid)
    assert refused.value.message.strip().endswith(".")
    assert path.read_bytes() == content


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="can't be opened"):
        inspect(tmp_path / "nothing.csv", "nothing.csv")


def test_ten_thousand_broken_rows_among_good_ones_are_told_one_by_one(tmp_path: Path) -> None:
    text = "Name,Email,Company\n" + 'Ada Byron,a@example.org,X\n"a "b" c,d,e\n' * 10_000
    found = made.records(tmp_path, text)
    assert len(found) == 20_000
    assert sum(bool(record.problems) for record in found) == 10_000
    assert [record.row for record in found[:3]] == [1, 2, 3]


@settings(max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.text('Name,Email;\t|"\n\r ab@.=#éß\x00', max_size=300).map(str.encode),
        st.binary(max_size=200).map(lambda rest: b"Name,Email\n" + rest),
        st.binary(max_size=300).map(lambda rest: b"PK\x03\x04" + rest),
        st.binary(max_size=300).map(lambda rest: b"\xff\xfe" + rest),
        st.binary(max_size=300).map(lambda rest: b"BEGIN:VCARD\n" + rest),
    )
)
def test_any_bytes_are_a_source_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """T3."""
    path = made.saved(tmp_path_factory.getbasetemp(), content, "any")
    refused = None
    try:
        source = inspect(path, "any")
    except BadFile as bad:
        refused = bad
    if refused:
        assert refused.message.endswith(".")
        return
    assert isinstance(source, Source)
    json.dumps(source.choices.to_dict())
    assert len(source.columns) == len(source.choices.mapping)
    for record in read(path, "any", source.choices):
        assert record.row >= 1
    assert inspect(path, "any", source.choices).columns == source.columns


@given(st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=60)
def test_a_workbook_with_any_byte_changed_is_a_source_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int
) -> None:
    """T3."""
    folder = tmp_path_factory.getbasetemp()
    whole = folder / "whole.xlsx"
    if not whole.exists():
        made.workday(whole)
    content = bytearray(whole.read_bytes())
    content[at % len(content)] = byte
    path = made.saved(folder, bytes(content), "changed.xlsx")
    said = ""
    try:
        said = f"{sum(1 for _record in read(path, path.name, inspect(path, path.name).choices))} rows."
    except BadFile as bad:
        said = bad.message
    assert said.endswith(".")


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.write(b"Name,Email\nAda")
        file.truncate(size)


def filled(path: Path, before: bytes, piece: bytes, times: int, after: bytes = b"") -> None:
    with path.open("wb") as file:
        file.write(before)
        for _time in range(times):
            file.write(piece)
        file.write(after)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _piece in range(50):
                part.write(b" " * MEBIBYTE)


def full_sheet(path: Path) -> None:
    """As wide as a file may be, and as high as a sheet of that width."""
    with made.forged(path) as part:
        part.write(b'<row r="1"><c r="A1" t="str"><v>Email</v></c><c r="OJ1" t="str"><v>Name</v></c></row>')
        for row in range(2, 5_000):
            address = f'<c r="A{row}" t="str"><v>a{row}@example.org</v></c>'
            part.write(f'<row r="{row}">{address}<c r="OJ{row}"><v>1</v></c></row>'.encode())


def small_sheet(path: Path, rows: str) -> None:
    with made.forged(path) as part:
        part.write(rows.encode())


MEASURED = """
import contextlib, re, resource, sys
from pathlib import Path
from portal.imports.reading import BadFile, inspect, read
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
for name in sys.argv[1:]:
    path = Path(name)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak
    try:
        said = f"{sum(1 for _record in read(path, name, inspect(path, name).choices))} rows"
    except BadFile as bad:
        said = bad.message
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    print(f"{path.name}|{peak}|{said}")
"""
EVIL = {
    "a sparse gigabyte": (lambda path: sparse(path, 1024 * MEBIBYTE), "larger than 200 MB"),
    "a sparse file": (lambda path: sparse(path, LARGEST_FILE - 1), "not text"),
    "one line": (lambda path: filled(path, b"Name,Email\n", b"x" * MEBIBYTE, 100), "1 rows"),
    "one cell": (
        lambda path: filled(path, b'Name,Email\n"', b"some text " * 6_000 + b"\n", 1_000),
        "None of the first",
    ),
    "wide rows": (lambda path: filled(path, b"Name,Email\n", b"x," * 100_000 + b"\n", 10), "None of the first"),
    "one picture": (
        lambda path: filled(path, b"BEGIN:VCARD\nFN:Ada\nPHOTO:", b"A" * MEBIBYTE, 100, b"\nEND:VCARD\n"),
        "1 rows",
    ),
    "a bomb": (bomb, "too large"),
    "the last corner": (
        lambda path: small_sheet(path, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "spans more than",
    ),
    "a full sheet": (full_sheet, "4998 rows"),
}


@pytest.fixture(scope="module")
def peaks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """How much memory a process took for each of the evil files, and what it said."""
    folder = tmp_path_factory.mktemp("evil")
    for name, (build, _says) in EVIL.items():
        build(folder / name)
    command = [sys.executable, "-c", MEASURED, *(str(folder / name) for name in EVIL)]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True, timeout=240)
    shutil.rmtree(folder)
    lines = [line.split("|") for line in done.stdout.splitlines()]
    return {name: (int(peak), said) for name, peak, said in lines}


@pytest.mark.parametrize("name", EVIL)
def test_memory_stays_under_its_ceiling(peaks: dict[str, tuple[int, str]], name: str) -> None:
    """T3: one hostile file can't take the process over 512 MB."""
    peak, said = peaks[name]
    print(f"{peak} MB: {said}")
    assert EVIL[name][1] in said
    assert peak < CEILING
