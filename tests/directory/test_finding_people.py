"""Searching and filtering people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.core.db import add, db
from portal.people import actions as people
from portal.profiles.models import FormerName
from portal.profiles.terms import refresh_terms

if TYPE_CHECKING:
    from tests.browse import Browser, Page
    from tests.factories import Make

Shows = Any
Works = Any


def names(page: Page) -> list[str]:
    """The people on a page, in order."""
    assert page.status == 200, page.words
    return ["".join(link.itertext()) for link in page.tree.iter() if link.get("class") == "person-name"]  # type: ignore[union-attr]


def find(browse: Browser, person: Any, **wanted: str) -> list[str]:
    return names(browse.as_(person).open("directory.people", **wanted))


def test_years_mean_the_same_whichever_way_round(browse: Browser, make: Make) -> None:
    page = browse.as_(make.member("Zoë Viewer")).open(
        "directory.people", year_from="2010", year_to="2001", place="Lisbon"
    )
    assert "There between 2001 and 2010" in page.words
    assert "There between" not in page.follow("Remove filter: There between 2001 and 2010").words


def test_the_form_finds_people_by_name(browse: Browser, make: Make) -> None:
    me = make.member("Zoë Viewer")
    make.member("Ada Lovelace")
    make.member("Ben Okafor")
    page = browse.as_(me).open("directory.people").submit(q="ada")
    assert names(page) == ["Ada Lovelace"]


@pytest.mark.parametrize("typed", ["siobhán o'brien", "Siobhan OBrien", "obrien sio", "O’Brien"])
def test_accents_case_and_apostrophes_do_not_matter(browse: Browser, make: Make, typed: str) -> None:
    """T5: search folds accents."""
    me = make.member()
    make.member("Siobhán O’Brien")
    assert find(browse, me, q=typed) == ["Siobhán O’Brien"]


@pytest.mark.parametrize("typed", ["Siobahn Obrien", "Dorota Wisnieska", "Wiśnievska"])
def test_typing_errors_are_forgiven(browse: Browser, make: Make, typed: str) -> None:
    me = make.member("Zoë Viewer")
    make.member("Siobhán O’Brien")
    make.member("Dorota Wiśniewska")
    page = browse.as_(me).open("directory.people", q=typed)
    assert "Similar names" in page.words
    assert len(names(page)) == 1


def test_names_come_first_then_other_words_each_by_name(browse: Browser, make: Make, shows: Shows) -> None:
    me = make.member("Zoë Viewer")
    potter, baker, anna = make.member("Rosa Baker"), make.member("Anna Baker"), make.member("Anna Potter")
    shows(anna, "headline", "A baker of bread")
    page = browse.as_(me).open("directory.people", q="baker")
    assert names(page) == ["Anna Baker", "Rosa Baker", "Anna Potter"]
    assert potter.id < baker.id


def test_whose_name_begins_as_typed_comes_first(browse: Browser, make: Make) -> None:
    """Also what somebody is called, and a former name for those who may know it (P1, T5); each person once."""
    me = make.member("Zoë Viewer")
    for name in ("Aaron Rene", "Renée Adler", "Renata Zorn", "Rene Quist"):
        make.member(name)
    for full, called in (("Hans René Moll", "René"), ("Kurt Xaver", "Rene")):
        people.rename(make.member(full), full, called, by=make.system)
    for name, audience in (("Vera Rene", "only_me"), ("Bea Rene", "members"), ("Ulla Stone", "members")):
        person = make.member(name)
        add(FormerName(person_id=person.id, name="Rene " + name.split()[0], audience=audience))
        refresh_terms(person.id)
    db.session.commit()
    for name in ("Anna Rene", "Rene Anna"):
        add(FormerName(person_id=person.id, name=name, audience="members"))
    refresh_terms(person.id)
    db.session.commit()
    first = ["Hans René Moll", "Kurt Xaver", "Rene Quist", "Renée Adler", "Ulla Stone"]
    assert find(browse, me, q="RENÉ") == [*first, "Aaron Rene", "Bea Rene", "Vera Rene"]
    said = browse.as_(me).open("directory.suggest", q="rene").response.json
    assert [each["name"] for each in said] == [*first, "Aaron Rene", "Bea Rene", "Vera Rene"]


def test_the_words_may_stand_in_different_places_and_the_row_says_where(
    browse: Browser, make: Make, shows: Shows
) -> None:
    me, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace")
    shows(ada, "skill", "COBOL")
    shows(ada, "place", "Lisbon")
    page = browse.as_(me).open("directory.people", q="cobol lisbon")
    assert names(page) == ["Ada Lovelace"]
    assert "COBOL" in page.words


def test_one_letter_says_too_little_and_shows_nobody(browse: Browser, make: Make) -> None:
    """What was typed is never dropped in silence; one Chinese sign is a name."""
    me = make.member("Zoë Viewer")
    make.member("Wanda Ngô-Ľubomírová 吳")
    make.member("李伟")
    for typed in ("a", "%", "_", "- '"):
        page = browse.as_(me).open("directory.people", q=typed)
        assert names(page) == []
        assert "Type at least two letters" in page.words
    assert find(browse, me, q="吳") == ["Wanda Ngô-Ľubomírová 吳"]
    assert find(browse, me, q="李") == ["李伟"]
    assert browse.as_(me).open("directory.suggest", q="李").response.json[0]["name"] == "李伟"


def test_nobody_found_offers_a_way_on(browse: Browser, make: Make) -> None:
    page = browse.as_(make.member()).open("directory.people", q="qqqqqq")
    assert "Nobody found" in page.words
    assert page.follow("Show everybody").status == 200


def test_unclaimed_stepped_back_and_blocked_people_are_nowhere(browse: Browser, make: Make) -> None:
    """I11: not in lists, not in search, not among similar names, not in suggestions."""
    me, hidden, blocked, blocker = (
        make.member(name) for name in ("Ann Me", "Xaver Hidden", "Xaver Blocked", "Xaver Blocker")
    )
    make.person("Xaver Unclaimed")
    people.step_back(hidden, by=make.viewer(hidden))
    people.block(blocked, by=make.viewer(me))
    people.block(me, by=make.viewer(blocker))
    db.session.commit()
    browser = browse.as_(me)
    for wanted in (
        {"show": "everybody"},
        {"q": "xaver"},
        {"q": "xavr"},
        {"relation": "employee"},
        {"organisation": "Kestrel & Lowe"},
    ):
        page = browser.open("directory.people", **wanted)
        assert "Xaver" not in page.words.replace("“xaver”", ""), wanted
    assert browser.open("directory.suggest", q="xaver").response.json == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"relation": "employee"}, ["Ada", "Zoë"]),
        ({"relation": "employee:former"}, ["Ada"]),
        ({"relation": "employee:current"}, ["Zoë"]),
        ({"relation": "customer:former"}, ["Ben"]),
        ({"relation": "partner"}, []),
        ({"relation": "nonsense"}, ["Ada", "Ben", "Zoë"]),
        ({"organisation": "acme"}, ["Ben"]),
        ({"organisation": "Kestrel & Lowe"}, ["Ada", "Zoë"]),
        ({"organisation": "nowhere"}, []),
        ({"department": "gesch"}, ["Ada"]),
        ({"department": "GESCHÄFTS"}, ["Ada"]),
        ({"organisation": "acme", "department": "geschäft"}, []),
        ({"year_from": "2001", "year_to": "2003"}, ["Ben"]),
        ({"year_from": "2019"}, ["Ada", "Zoë"]),
        ({"year_to": "2005"}, ["Ben"]),
        ({"year_from": "x", "year_to": "99999"}, ["Ada", "Ben", "Zoë"]),
        ({"place": "lis"}, ["Ada"]),
        ({"skills": "cobol"}, ["Ada", "Ben"]),
        ({"skills": "COBOL, sailing"}, ["Ada"]),
        ({"skills": "cob"}, []),
        ({"q": "lovelace", "skills": "cobol"}, ["Ada"]),
        ({"q": "lovelace", "place": "porto"}, []),
    ],
)
def test_filters(browse: Browser, make: Make, shows: Shows, wanted: dict[str, str], found: list[str]) -> None:
    me = make.member("Zoë Viewer", relation="employee:current", start="2018")
    ada = make.member("Ada Lovelace", department="Geschäftsentwicklung", start="2015", end="2020-06")
    ben = make.member(
        "Ben Okafor", relation="customer:former", organisation=make.organisation("Acme"), start="1999", end="2004"
    )
    shows(ada, "place", "Lisbon")
    shows(ada, "skill", "COBOL")
    shows(ada, "skill", "Sailing")
    shows(ben, "skill", "Cobol")
    page = browse.as_(me).open("directory.people", show="everybody", **wanted)
    assert [name.split()[0] for name in names(page)] == found


def test_an_organisation_stands_for_the_firms_below_it(browse: Browser, make: Make, works: Works) -> None:
    from portal.organisations.actions import set_parent

    me, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace")
    works(ada, "Billing House", "2010", "2012")
    set_parent(make.organisation("Billing House"), make.organisation("Acme Group"), by=make.system)
    db.session.commit()
    assert find(browse, me, organisation="acme group") == ["Ada Lovelace"]


def test_filters_can_be_taken_off_one_by_one(browse: Browser, make: Make, shows: Shows) -> None:
    me, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace")
    shows(ada, "skill", "COBOL")
    page = browse.as_(me).open("directory.people", skills="cobol", relation="employee")
    assert names(page.follow("Can cobol")) == ["Ada Lovelace", "Zoë Viewer"]


def test_pages_lead_on_and_back_without_gaps_or_repeats(browse: Browser, make: Make) -> None:
    me = make.member("Zzz Viewer", relation="")
    for number in range(50):
        make.member(f"Person {number:02}", relation="")
    first = browse.as_(me).open("directory.people", show="everybody")
    second = first.follow("More people")
    third = second.follow("More people")
    assert names(first) + names(second) + names(third) == [f"Person {number:02}" for number in range(50)] + [
        "Zzz Viewer"
    ]
    assert names(third.follow("Back")) == names(second)


def test_search_results_lead_on_across_both_groups(browse: Browser, make: Make, shows: Shows) -> None:
    me = make.member("Zzz Viewer", relation="")
    for number in range(30):
        make.member(f"Baker {number:02}", relation="")
    for number in range(30):
        shows(make.member(f"Person {number:02}", relation=""), "headline", "Once a baker")
    page = browse.as_(me).open("directory.people", q="baker")
    found = names(page)
    while any("More people" in link for link in [page.words]):
        page = page.follow("More people")
        found += names(page)
    assert found == [f"Baker {number:02}" for number in range(30)] + [f"Person {number:02}" for number in range(30)]


def test_search_results_lead_on_from_names_that_begin_as_typed(browse: Browser, make: Make) -> None:
    me = make.member("Zzz Viewer", relation="")
    for number in range(30):
        make.member(f"Ann Baker{number:02}", relation="")
    for number in range(30):
        make.member(f"Baker {number:02}", relation="")
    page = browse.as_(me).open("directory.people", q="baker")
    found = names(page)
    while "More people" in page.words:
        page = page.follow("More people")
        found += names(page)
    assert found == [f"Baker {number:02}" for number in range(30)] + [f"Ann Baker{number:02}" for number in range(30)]


def test_a_broken_cursor_is_told_kindly(browse: Browser, make: Make) -> None:
    page = browse.as_(make.member()).open("directory.people", show="everybody", after="nonsense")
    assert page.status == 404
    assert browse.as_(make.member()).open("directory.people", q="ada", after="W10").status == 404


def test_lists_cost_the_same_for_one_person_and_for_a_full_page(
    browse: Browser, make: Make, shows: Shows, works: Works
) -> None:
    me = make.member("Zoë Viewer")
    browser = browse.as_(me)
    browser.open("directory.people", show="everybody")
    few = {
        key: len(browser.open("directory.people", **{key: value}).statements)
        for key, value in (("show", "everybody"), ("q", "engineer"))
    }
    for number in range(30):
        person = make.member(f"Person {number:02}")
        shows(person, "headline", "Engineer")
        works(person, f"Firm {number}", "2021")
    for key, value in (("show", "everybody"), ("q", "engineer")):
        full = browser.open("directory.people", **{key: value})
        assert len(names(full)) == 24
        assert len(full.statements) <= max(few[key], 6), full.statements


def test_visitors_are_asked_to_sign_in(browse: Browser) -> None:
    for address in ("/people", "/people/suggest", "/organisations", "/organisations/suggest"):
        assert browse.client.get(address).status_code == 302


def test_suggestions_have_what_a_mention_needs(browse: Browser, make: Make, shows: Shows) -> None:
    me, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace")
    shows(ada, "headline", "Counts trains")
    found = browse.as_(me).open("directory.suggest", q="lov").response.json
    assert [(each["name"], each["public_id"], each["headline"]) for each in found] == [
        ("Ada Lovelace", ada.public_id, "Counts trains")
    ]
    assert browse.as_(me).open("directory.suggest", q="l").response.json == []


def test_the_one_search_box_finds_people_too(browse: Browser, make: Make) -> None:
    me = make.member("Zoë Viewer")
    make.member("Ada Lovelace")
    page = browse.as_(me).open("search.index", q="lovelace", tab="people")
    assert "Ada Lovelace" in page.words
