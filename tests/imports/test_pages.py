"""Journey 6 at the desk: a file is uploaded, understood, planned, applied, taken back."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal.core import settings
from portal.core.access import system_viewer
from portal.core.db import db
from portal.imports.models import Import, ImportRow
from portal.people.models import Person
from tests.imports.reading.made import workday

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from portal.core.application import Portal
    from tests.browse import Browser, Page
    from tests.factories import Make
    from tests.imports.conftest import Desk

LEAVERS = (
    "Employee #,First Name,Last Name,Hire Date,Termination Date,Job Title,Home Email\n"
    "1001,Ada,Lovelace,2015-03-01,2019-06-30,Engineer,ada@example.org\n"
    "1002,Ben,=Okafor,2016-01-01,2020-12-31,Miller,ben@example.org\n"
)
CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Quist;Zoë;;;\r\nFN:Zoë Quist\r\nORG:Kestrel & Lowe\r\n"
    "EMAIL;TYPE=HOME:zoe.quist@example.org\r\nREV:2019-05-01T10:00:00Z\r\nEND:VCARD\r\n"
)


@pytest.fixture
def admin(make: Make, browse: Browser) -> Browser:
    return browse.as_(make.member("Al Admin", roles=("admin",)))


def upload(browser: Browser, text: str | bytes, name: str = "leavers.csv") -> Page:
    data = text.encode() if isinstance(text, str) else text
    return browser.open("imports.index").submit("Look at the file", file=(io.BytesIO(data), name))


def test_from_upload_to_undo(admin: Browser, work: Callable[[], int]) -> None:
    """T3: nothing before Apply, everything back after Undo."""
    page = upload(admin, LEAVERS)
    assert page.heading == "leavers.csv"
    assert "Ada Lovelace" in page.words
    page = page.submit("dry run", act="plan", kind="employee", source="HR")
    assert "being read" in page.words
    work()
    page = admin.get(page.url)
    assert "This is what would happen" in page.words
    assert _people("Ada Lovelace") == 0
    assert "New people 2" in page.words
    page = page.submit("apply")
    work()
    page = admin.get(page.url)
    assert "Applied" in page.words
    assert _people("Ada Lovelace") == 1
    page.follow("Take it back").submit("Take it back")
    work()
    page = admin.get(page.url)
    assert "2 people removed" in page.words
    assert _people("Ada Lovelace") == 0


def test_a_workbook_is_brought_in_through_the_page(admin: Browser, work: Callable[[], int], tmp_path: Path) -> None:
    """A question that a format does not know is not on the page, and nothing is wrong without its answer."""
    page = upload(admin, workday(tmp_path / "leavers.xlsx").read_bytes(), "leavers.xlsx")
    assert {"delimiter", "encoding"}.isdisjoint(_asked(page))
    assert page.status == 200
    page = page.submit("dry run", act="plan", kind="employee")
    work()
    page = admin.get(page.url)
    assert "New people 2" in page.words
    page.submit("apply")
    work()
    assert _people("Ada6 Byron") == 1


def test_cards_are_brought_in_through_the_page(admin: Browser, work: Callable[[], int]) -> None:
    page = upload(admin, CARDS, "contacts.vcf")
    assert {"delimiter", "header_row", "date_order"}.isdisjoint(_asked(page))
    page = page.submit("dry run", act="plan", source="An old phone")
    work()
    page = admin.get(page.url)
    assert "New person 1" in page.words
    page.submit("apply")
    work()
    assert _people("Zoë Quist") == 1


def test_columns_are_mapped_by_hand_and_remembered(admin: Browser, work: Callable[[], int]) -> None:
    text = "Wer,Wohin,Mystery\nAda Lovelace,ada@example.org,x\n"
    page = upload(admin, text, "odd.csv")
    names = {each.get("name") for each in page.tree.iter("{http://www.w3.org/1999/xhtml}select")}  # type: ignore[union-attr]
    assert {"column-0", "column-1", "column-2"} <= names
    page = page.submit("dry run", act="plan", **{"column-0": "ignore", "column-1": "ignore", "column-2": "ignore"})
    assert "Say which column holds the name" in page.words
    page = page.submit("dry run", act="plan", **{"column-0": "full_name", "column-1": "address", "column-2": "ignore"})
    work()
    assert "Ada Lovelace" in admin.get(page.url).words
    page = upload(admin, text.replace("Ada", "Bea"), "odd-2.csv")
    assert "As you chose on" in page.words
    assert _chosen(page, "column-0") == "full_name"


def test_another_encoding_is_read_anew_before_anything_else(admin: Browser) -> None:
    page = upload(admin, "Name,Email\nJosé Núñez,jose@example.org\n".encode("latin-1"), "latin.csv")
    assert "José" in page.words
    page = page.submit("Read it again", act="again", encoding="utf-8")
    assert page.status in (200, 422)
    assert "José" not in page.words or page.status == 422


def test_the_report_is_a_file_without_formulas(admin: Browser, work: Callable[[], int]) -> None:
    page = upload(admin, "Name,Email\n=cmd|x,evil@example.org\n+Plus Person,plus@example.org\n")
    page = page.submit("dry run", act="plan")
    work()
    text = admin.get(page.url).follow("Download as CSV").response.get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_the_report_is_filtered_and_pages_cost_the_same(admin: Browser, desk: Desk) -> None:
    """T6: a full page costs as many statements as one row."""
    few = desk.plan("Name,Email", "Ada Lovelace,ada@example.org", "Ada Lovelace,ada@example.org")
    many = desk.plan("Name,Email", *(f"Person {n} Number,p{n}@example.org" for n in range(120)), name="many.csv")
    admin.open("imports.one", public_id=few.public_id)
    small = admin.open("imports.one", public_id=few.public_id)
    large = admin.open("imports.one", public_id=many.public_id)
    assert len(small.statements) == len(large.statements)
    assert "Person 51 Number" in large.follow("Further").words
    assert "Ada Lovelace" in admin.open("imports.one", public_id=few.public_id, outcome="same").words
    assert "No row here" in admin.open("imports.one", public_id=few.public_id, outcome="refused").words


def test_questions_cost_the_same_for_one_and_for_many(admin: Browser, desk: Desk) -> None:
    """T6."""
    desk.bring("Name,Email,Company", "Ann Lee,a0@example.org,Works")
    desk.bring("Name,Email,Company", "Ann Lee,b0@example.org,Works", name="b.csv")
    admin.open("imports.questions")
    one = admin.open("imports.questions")
    for name in ("c", "d"):
        desk.bring(
            "Name,Email,Company", *(f"Bo Kim{n},{name}{n}@example.org,Works" for n in range(9)), name=f"{name}.csv"
        )
    many = admin.open("imports.questions")
    assert many.words.count("Not the same") > one.words.count("Not the same")
    assert len(one.statements) == len(many.statements)
    page = many.submit("different")
    assert "nobody asks again" in page.words


@pytest.mark.parametrize(("content", "name"), [
    (b"", "empty.csv"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "picture.csv"), (b"\x00" * 5000, "zeros.csv"),
])  # fmt: skip
def test_bad_files_get_a_sentence_and_change_nothing(admin: Browser, content: bytes, name: str) -> None:
    page = upload(admin, content, name)
    assert page.status == 422
    assert "There is a problem" in page.words
    assert db.session.execute(select(func.count()).select_from(Import)).scalar_one() == 0


def test_a_large_file_is_taken_here_and_nowhere_else(
    admin: Browser, app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of this one page is a setting of its own."""
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100_000)
    settings.set_value("import_megabytes", 1, by=system_viewer())
    db.session.commit()
    line = b"Ada Lovelace,ada@example.org," + b"x" * 200 + b"\n"
    page = upload(admin, b"Name,Email,Note\n" + line * 1500, "large.csv")
    assert page.status == 200
    assert page.heading == "large.csv"
    form = {"content_type": "multipart/form-data; boundary=edge"}
    larger = admin.client.post("/admin/imports", data=line * 6000, **form)
    assert larger.status_code == 413
    assert "A list may have up to 1 MB. Split it" in larger.text
    assert "Pictures" not in larger.text
    elsewhere = admin.client.post("/settings/career/add", data={"title": "x" * 200_000})
    assert elsewhere.status_code == 413
    assert "Pictures may have up to 8 MB" in elsewhere.text


def test_addresses_and_reasons_break_where_a_line_ends(admin: Browser, desk: Desk) -> None:
    """Both may hold the longest address there is, which would push what happens off the screen of a phone."""
    long = f"{'x' * 60}@{'y' * 60}.example"
    imported = desk.plan("Name,Email", f"Ada Lovelace,{long}", f"Ben Okafor,{long.replace('@', '.')}")
    page = admin.get(f"/admin/imports/{imported.public_id}")
    broken = ["".join(each.itertext()) for each in page.tree.iter() if "breaks" in each.get("class", "").split()]  # type: ignore[union-attr]
    assert long[:50] in broken[0]
    assert long[:50] in broken[-1], "told of as no address"


@pytest.mark.parametrize("roles", [(), ("staff",), ("manager",), ("moderator",)])
def test_only_admins_learn_of_these_pages(roles: tuple[str, ...], make: Make, browse: Browser, desk: Desk) -> None:
    imported = desk.plan("Name,Email", "Quill Quillon,q@example.org")
    member = browse.as_(make.member(roles=roles))
    for path in ("", "/questions", "/questions/members", f"/{imported.public_id}", f"/{imported.public_id}/report.csv",
                 f"/{imported.public_id}/read", f"/{imported.public_id}/undo", f"/{imported.public_id}/progress"):  # fmt: skip
        assert member.get("/admin/imports" + path).status == 404, path
    assert browse.as_(None).get("/admin/imports").heading != "Imports"


def test_a_dropped_file_leaves_nothing(admin: Browser, work: Callable[[], int]) -> None:
    page = upload(admin, LEAVERS).submit("dry run", act="plan")
    work()
    page = admin.get(page.url).submit("drop")
    assert "is forgotten" in page.words
    for table in (Import, ImportRow):
        assert db.session.execute(select(func.count()).select_from(table)).scalar_one() == 0


def _asked(page: Page) -> set[str | None]:
    """The names of what the page asks."""
    assert page.tree is not None
    return {each.get("name") for each in page.tree.iter() if each.get("name")}


def _people(name: str) -> int:
    return db.session.execute(select(func.count()).where(Person.full_name == name)).scalar_one()


def _chosen(page: Page, name: str) -> Any:
    h = "{http://www.w3.org/1999/xhtml}"
    select_ = next(each for each in page.tree.iter(f"{h}select") if each.get("name") == name)  # type: ignore[union-attr]
    return next(each.get("value") for each in select_.iter(f"{h}option") if each.get("selected") is not None)
