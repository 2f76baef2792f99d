"""vCards 2.1, 3.0 and 4.0, in the ways that clients write them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.reading import inspect, read
from portal.imports.records import Stint
from tests.imports.reading import made

if TYPE_CHECKING:
    from pathlib import Path

    from portal.imports.records import Record


def card(*lines: str, version: str = "3.0", end: str = "\r\n") -> str:
    return end.join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def cards(folder: Path, content: str | bytes, encoding: str = "utf-8") -> list[Record]:
    path = made.saved(folder, content, "people.vcf", encoding)
    return list(read(path, path.name, inspect(path, path.name).choices))


def test_a_card_of_version_3(tmp_path: Path) -> None:
    text = card(
        "N:Byron;Ada;Augusta\\, Countess;Mrs.;PhD", "FN:Mrs. Ada Augusta Byron PhD", "NICKNAME:Countess,A",
        "EMAIL;TYPE=INTERNET;TYPE=WORK:ada@work.example.org", "item1.EMAIL;type=INTERNET;type=pref:ada@example.org", "item1.X-ABLabel:mine",
        "TEL;TYPE=CELL:+44 20 7", "TEL;TYPE=WORK;TYPE=FAX:+44 9", "ORG:Engines\\, Ltd;Research", "TITLE:Analyst", "URL:http\\://example.org",
        "ADR;TYPE=HOME:;;1 Street;London;;;UK", "REV:2012-03-05T13:32:54Z", "UID:abc-1", "NOTE:line\\nline",
    )  # fmt: skip
    (ada,) = cards(tmp_path, text)
    assert (ada.row, ada.full_name, ada.call_name) == (1, "Ada Augusta Byron PhD", "Countess")
    assert ada.addresses == ("ada@example.org", "ada@work.example.org"), "the preferred one first"
    assert (ada.phones, ada.links, ada.place) == (("+44 20 7",), ("http://example.org",), "London")
    assert ada.stints == (Stint(organisation="Engines, Ltd", title="Analyst", department="Research"),)
    assert (ada.seen_on, ada.external_ids, ada.problems) == ("2012-03-05", (), ())


def test_ids_are_taken_when_it_is_said_whose_they_are(tmp_path: Path) -> None:
    path = made.saved(tmp_path, card("FN:Ada Byron", "UID:abc-1"), "people.vcf")
    source = inspect(path, path.name)
    assert source.choices.system == ""
    chosen = replace(source.choices, system="Our address book")
    assert next(read(path, path.name, chosen)).external_ids == (("Our address book", "abc-1"),)
    assert inspect(path, path.name, chosen).choices.system == "Our address book"


def test_version_2_1_with_quoted_printable_and_charsets(tmp_path: Path) -> None:
    text = card(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Zo=C3=AB;;;", "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB M=C3=BC=",
        "ller", "EMAIL;PREF;INTERNET:zoe@example.org", "ORG:Engines, The;Research", "TEL;WORK;VOICE:(905) 555", "TEL;WORK;FAX:999",
        version="2.1",
    )  # fmt: skip
    (zoe,) = cards(tmp_path, text)
    assert (zoe.full_name, zoe.addresses, zoe.phones) == ("Zoë Müller", ("zoe@example.org",), ("(905) 555",))
    assert zoe.stints == (Stint(organisation="Engines, The", department="Research"),)


def test_a_charset_of_its_own_beats_that_of_the_file(tmp_path: Path) -> None:
    content = (
        card("FN;CHARSET=windows-1251:", version="2.1")
        .encode()
        .replace(b"1251:", b"1251:" + "Анна Ли".encode("cp1251"))
    )
    assert cards(tmp_path, content)[0].full_name == "Анна Ли"
    assert cards(tmp_path, card("FN:Zoë"), "cp1252")[0].full_name == "Zoë"
    assert cards(tmp_path, card("FN;CHARSET=zip:Ada"))[0].full_name == "Ada", "no other codec can be called for"


def test_version_4_with_uris(tmp_path: Path) -> None:
    text = card('TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-418-656;ext=102', "FN:Ada Byron", "EMAIL;TYPE=work:ada@example.org",
                "ORG;TYPE=work:Engines", "ORG:Looms", "TITLE:Analyst", "TITLE:Weaver", version="4.0")  # fmt: skip
    (ada,) = cards(tmp_path, text)
    assert ada.phones == ("+1-418-656 ext. 102",)
    assert ada.stints == (Stint(organisation="Engines", title="Analyst"), Stint(organisation="Looms", title="Weaver"))


def test_folded_lines_are_put_together(tmp_path: Path) -> None:
    (ada,) = cards(tmp_path, card("FN:Ada\r\n  Byron", "EMAIL:ada@exam\r\n\tple.org"))
    assert (ada.full_name, ada.addresses) == ("Ada Byron", ("ada@example.org",))


def test_pictures_are_passed_over(tmp_path: Path) -> None:
    picture = "\r\n ".join(["A" * 74] * 8_000)
    text = card(
        "FN:Ada Byron", f"PHOTO;ENCODING=b;TYPE=JPEG:{picture}", f"LOGO;BASE64:{'A' * 400_000}", "EMAIL:a@example.org"
    )
    (ada,) = cards(tmp_path, text)
    assert (ada.addresses, ada.problems) == (("a@example.org",), ())


@pytest.mark.parametrize("lines", [["N:;;;;", "FN:Engines AG", "ORG:Engines AG;"], ["KIND:org", "FN:Engines AG"]])
def test_a_card_of_an_organisation_is_no_person(tmp_path: Path, lines: list[str]) -> None:
    (record,) = cards(tmp_path, card(*lines))
    assert record.full_name == ""
    assert "organisation" in record.problems[0]


def test_cards_inside_cards_and_cards_without_an_end(tmp_path: Path) -> None:
    agent = "AGENT:\r\nBEGIN:VCARD\r\nFN:An Agent\r\nEND:VCARD"
    text = card("FN:Ada Byron", agent, "EMAIL:a@example.org") + "BEGIN:VCARD\r\nFN:Max Ford\r\n" + card("FN:Eva Lind")
    ada, max_, eva = cards(tmp_path, text + "\r\nBEGIN:VCARD\r\n")[:3]
    assert (ada.full_name, ada.addresses) == ("Ada Byron", ("a@example.org",))
    assert (max_.full_name, eva.full_name) == ("Max Ford", "Eva Lind")
    assert "not closed" in max_.problems[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_and_line_ends(tmp_path: Path, encoding: str, end: str) -> None:
    (zoe,) = cards(tmp_path, card("FN:Zoë Müller", end=end), encoding)
    assert zoe.full_name == "Zoë Müller"


def test_all_cards_are_counted(tmp_path: Path) -> None:
    path = made.saved(tmp_path, "".join(card(f"FN:Ada{number} Byron") for number in range(50)), "people.vcf")
    source = inspect(path, path.name)
    assert (source.format, source.rows_seen, len(source.preview), source.columns) == ("vcard", 50, 20, ())


SIGNS = bytes(range(9)) + bytes(range(14, 32))  # with many of them it is no text, and refused as such


@given(st.lists(st.binary(max_size=60).map(lambda line: line.translate(None, SIGNS)), max_size=12))
def test_no_card_makes_the_reading_fail(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    content = b"\r\n".join([b"BEGIN:VCARD", b"FN:Ada Byron", *lines, b"END:VCARD"])
    path = made.saved(tmp_path_factory.getbasetemp(), content, "any.vcf")
    assert list(read(path, path.name, inspect(path, path.name).choices))
