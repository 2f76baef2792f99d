"""What stands in one cell: dates, names, addresses, former employers, formulas."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import mailboxes
from portal.core.partial_dates import PartialDate
from portal.imports.reading import Choices, cells, read
from portal.imports.reading.dates import read_date
from portal.imports.reading.meanings import meaning_of
from portal.imports.reading.names import readable
from portal.imports.records import Stint
from tests.imports.reading import made

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("text", "order", "means"), [
    ("2014", "ymd", "2014"), ("2014-06", "ymd", "2014-06"), ("2014-06-30", "ymd", "2014-06-30"),
    ("2014/6/30", "ymd", "2014-06-30"), ("20140630", "ymd", "2014-06-30"), ("2014-06-30 12:00:00", "ymd", "2014-06-30"),
    ("2019-03-27T00:00:00.000Z", "ymd", "2019-03-27"), ("30.6.2014", "ymd", "2014-06-30"), ("30/06/2014", "", "2014-06-30"),
    ("6/30/2014", "", "2014-06-30"), ("3/4/2014", "dmy", "2014-04-03"), ("3/4/2014", "mdy", "2014-03-04"),
    ("5/5/2014", "", "2014-05-05"), ("3/4/14", "mdy", "2014-03-04"), ("3/4/75", "dmy", "1975-04-03"), ("06/2014", "", "2014-06"),
    ("30 Jun 2014", "", "2014-06-30"), ("30. Juni 2014", "", "2014-06-30"), ("June 30, 2014", "", "2014-06-30"),
    ("30-Jun-14", "", "2014-06-30"), ("Mar 2014", "", "2014-03"), ("März 2014", "", "2014-03"), ("1er août 2014", "", None),
    ("1 août 2014", "", "2014-08-01"), ("Jun-14", "", "2014-06"), ("41820", "", "2014-06-30"),
])  # fmt: skip
def test_dates_may_be_a_year_a_month_or_a_day(text: str, order: str, means: str | None) -> None:
    """T4."""
    day, problem = read_date(text, order)
    assert (day and day.text) == means
    assert bool(problem) == (means is None)


@pytest.mark.parametrize(
    "text", ["0/0/00", "0000-00-00", "0000-00-00 00:00:00", "00.00.0000", "-", "present", "31/12/9999"]
)
def test_no_date_is_no_problem(text: str) -> None:
    assert read_date(text, "ymd") == (None, "")


@pytest.mark.parametrize("text", ["soon", "31.2.2014", "2014-13-01", "1066-10-14", "30/30/2014", "3000"])
def test_what_is_no_date_is_told(text: str) -> None:
    day, problem = read_date(text, "dmy")
    assert day is None
    assert text in problem


def test_what_can_be_read_in_two_ways_is_asked_not_guessed() -> None:
    """T4."""
    day, problem = read_date("3/4/2014", "")
    assert day is None
    assert "two ways" in problem


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_is_read_back_in_its_order(day: date) -> None:
    """T4."""
    expected = PartialDate.of(day)
    for written, order in [
        (day.isoformat(), "ymd"), (f"{day.day}/{day.month}/{day.year}", "dmy"), (f"{day.month}/{day.day}/{day.year}", "mdy"),
        (f"{day.day}.{day.month}.{day.year}", "ymd"), (f"{day:%d %b %Y}", ""), (f"{day:%B} {day.day}, {day.year}", ""),
    ]:  # fmt: skip
        assert read_date(written, order) == (expected, ""), written


@pytest.mark.parametrize(("written", "name"), [
    ("BYRON,  AUGUSTA A", "Augusta A Byron"), ("BYRON JR,  VICENTE M", "Vicente M Byron Jr"), ("MCDONALD, JOHN III", "John McDonald III"),
    ("O'BRIEN-SMITH,  MARY", "Mary O'Brien-Smith"), ("Byron, Ada", "Ada Byron"), ("Ada Byron", "Ada Byron"),
    ("Ada Byron, PhD", "Ada Byron, PhD"), ("AUGUSTA BYRON", "Augusta Byron"), ("AJ K", "AJ K"), ("KC WANG", "KC Wang"),
    ("van der Berg, Jan", "Jan van der Berg"), ("ÖZGÜR, ÇAĞLA", "Çağla Özgür"), ("陳大文", "陳大文"), ("chenpengzi", "chenpengzi"),
    ("Ada Byron (Terminated)", "Ada Byron"), ("Max Ford (On Leave)", "Max Ford"), ("Eva Lind [C]", "Eva Lind"),
    ("Ada (Countess)", "Ada (Countess)"), ("", ""), (",", ","), ("Byron,", "Byron,"),
])  # fmt: skip
def test_names_become_readable(written: str, name: str) -> None:
    """T5."""
    assert readable(written) == name


@given(st.text(max_size=60))
def test_making_a_name_readable_never_fails(text: str) -> None:
    readable(text)


@pytest.mark.parametrize(("cell", "addresses", "wrong"), [
    ("a@example.org; b@example.net", ["a@example.org", "b@example.net"], 0),
    ("a@example.org,b@example.net", ["a@example.org", "b@example.net"], 0),
    ("a@example.org ::: b@example.net", ["a@example.org", "b@example.net"], 0),
    ("a@example.org b@example.net", ["a@example.org", "b@example.net"], 0),
    ("a@example.org\nb@example.net", ["a@example.org", "b@example.net"], 0),
    ("Ada Byron <a@example.org>; Max <b@example.net>", ["a@example.org", "b@example.net"], 0),
    ("mailto:a@example.org", ["a@example.org"], 0), ("nobody@laptop.local", [], 1), ("a@example.org; see notes", ["a@example.org"], 2),
    ("x@y", [], 1), ("ä@example.org", [], 1), ("a@büro.de", ["a@büro.de"], 0), (".a@example.org", [], 1),
])  # fmt: skip
def test_several_addresses_in_one_cell(cell: str, addresses: list[str], wrong: int) -> None:
    problems: list[str] = []
    assert cells.addresses_in(cell, problems) == addresses
    assert len(problems) == wrong


LETTERS = "abzAZ09._+-'%@ é<>,\"x"


@given(st.one_of(
    st.text(LETTERS, max_size=30),
    st.builds("{}@{}".format, st.text(LETTERS, max_size=70), st.sampled_from(["example.org", "Example.ORG", "a.local", "x", "é.org", "-.org"])),
    st.emails(),
))  # fmt: skip
def test_the_quick_look_at_an_address_agrees_with_the_slow_one(text: str) -> None:
    """R9."""
    assert cells.is_address(text) == _parses(text)


def _parses(text: str) -> bool:
    try:
        return mailboxes.parse(text).address != "" and text == text.strip()
    except ValueError:
        return False


@pytest.mark.parametrize(("cell", "stints"), [
    ("NEC until 2014-06-30", [Stint("NEC", end=PartialDate("2014-06-30"))]),
    ("NEC until 2014-06-30; HP until 2015", [Stint("NEC", end=PartialDate("2014-06-30")), Stint("HP", end=PartialDate("2015"))]),
    ("NEC", [Stint("NEC", is_over=True)]),
    ("NEC (2010-2014)", [Stint("NEC", start=PartialDate("2010"), end=PartialDate("2014"))]),
    ("NEC (2010 – 2014-06)", [Stint("NEC", start=PartialDate("2010"), end=PartialDate("2014-06"))]),
    ("NEC (until June 2014)", [Stint("NEC", end=PartialDate("2014-06"))]),
    ("Time Warner Cable until 2016-05-18", [Stint("Time Warner Cable", end=PartialDate("2016-05-18"))]),
    ("Made to Measure", [Stint("Made to Measure", is_over=True)]), ("Acme (Holdings)", [Stint("Acme (Holdings)", is_over=True)]),
    ("Independent until 2014-12-31", []), ("*independent", []),
])  # fmt: skip
def test_former_employers_with_their_ends(cell: str, stints: list[Stint]) -> None:
    problems: list[str] = []
    assert cells.former_stints(cell, "ymd", problems) == stints
    assert problems == []


def test_a_former_employer_with_a_wrong_date_stays() -> None:
    problems: list[str] = []
    assert cells.former_stints("NEC until 2014-02-31", "ymd", problems) == [Stint("NEC", is_over=True)]
    assert "2014-02-31" in problems[0]


@pytest.mark.parametrize(("cell", "text", "is_told"), [
    ("=cmd|' /C calc'!A0", "", True), ('=HYPERLINK("http://x")', "", True), ('="00123"', "00123", False), ("#REF!", "", True),
    ("#1 seller", "#1 seller", False), ("n/a", "", False), ("-", "", False), ("+44 20 7", "+44 20 7", False), ("  Ada\u00a0", "Ada", False),
    ("A\u200bda", "Ada", False), ("می\u200cخواهم", "می\u200cخواهم", False), ("Zoe\u0308", "Zoë", False), ("x" * 40_000, "", True),
    ("J\ufffdrg", "J\ufffdrg", True),
])  # fmt: skip
def test_formulas_errors_and_placeholders_are_no_text(cell: str, text: str, is_told: bool) -> None:
    problems: list[str] = []
    assert cells.clean(cell, problems) == text
    assert bool(problems) == is_told


def test_an_end_before_its_start_leaves_both_out(tmp_path: Path) -> None:
    (ada,) = made.records(tmp_path, "Name,Start date,End date\nAda Byron,2015-06,2014\n")
    assert ada.stints == (Stint(),)
    assert "comes before the start" in ada.problems[0]


def test_relations_and_yes_and_no(tmp_path: Path) -> None:
    text = "Name,Relation,Unsubscribed,Company\nAda B,Former customer,yes,X\nMax F,Reseller,no,X\nEva L,Friend,,X\n"
    ada, max_, eva = made.records(tmp_path, text)
    assert [ada.relation, max_.relation, eva.relation] == ["customer", "partner", ""]
    assert [ada.unsubscribed, max_.unsubscribed, eva.unsubscribed] == [True, False, False]
    assert "“Friend” is not a relation" in eva.problems[0]


def test_too_long_values_are_cut_and_told(tmp_path: Path) -> None:
    (ada,) = made.records(tmp_path, f"Name,Job title\n{'Ada ' * 50},{'x' * 500}\n")
    assert (len(ada.full_name), len(ada.stints[0].title)) == (119, 120)
    assert len(ada.problems) == 2


def test_links_are_web_addresses_and_nothing_else(tmp_path: Path) -> None:
    text = "Name,LinkedIn\nAda B,linkedin.com/in/ada\nMax F,javascript:alert(1)\nEva L,https://example.org\n"
    ada, max_, eva = made.records(tmp_path, text)
    assert (ada.links, max_.links, eva.links) == (("https://linkedin.com/in/ada",), (), ("https://example.org",))
    assert max_.problems


def test_an_address_is_not_taken_for_a_name(tmp_path: Path) -> None:
    (ada,) = made.records(tmp_path, "Name,Email\nada@example.org,ada@example.org\n")
    assert (ada.full_name, ada.addresses) == ("", ("ada@example.org",))


def test_a_name_that_lost_letters_on_its_way_is_told(tmp_path: Path) -> None:
    """T5."""
    (peter,) = made.records(tmp_path, "Name,Email\nZolt\u00e1n V?r,p@example.org\n")
    assert peter.full_name == "Zolt\u00e1n V?r"
    assert "question mark" in peter.problems[0]


@pytest.mark.parametrize("cell", [
    "a" + " " * 32_000 + "b", "until " * 5_000, "(1-" * 10_000, "<" * 30_000, "a@" * 15_000, "x " * 16_000, ";" * 32_000, "1/" * 16_000,
    "www." * 8_000, "\"" * 32_000, "," * 32_000, "0" * 32_000, "Mc" * 16_000 + ",",
])  # fmt: skip
@pytest.mark.parametrize(
    "meaning", ["Name", "Email", "Former employers", "End date", "Phone", "Website", "Relation", "Employment status"]
)
def test_no_cell_takes_long(tmp_path: Path, cell: str, meaning: str) -> None:
    began = time.process_time()
    path = made.saved(tmp_path, made.table([meaning, "Company"], [cell, "Engines"]))
    (record,) = read(path, path.name, Choices("csv", "utf-8", ",", mapping=(meaning_of(meaning), "organisation")))
    assert time.process_time() - began < 0.5
    assert len(record.problems) <= 20
    assert sum(map(len, record.problems)) < 5_000
