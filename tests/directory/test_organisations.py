"""The organisations' pages: who is there now, and who once was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.db import db
from tests.directory.test_finding_people import names

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

Works = Any


def test_now_once_and_by_year(browse: Browser, make: Make, works: Works) -> None:
    me, ada, ben, cleo = (make.member(name) for name in ("Zoë Viewer", "Ada A", "Ben B", "Cleo C"))
    works(ada, "Acme", "2019")
    works(ben, "Acme", "2010", "2014")
    works(cleo, "Acme", "2008", "2012")
    works(cleo, "Acme", "2020")
    page = browse.as_(me).open("directory.organisations").follow("Acme")
    assert page.heading == "Acme"
    assert names(page) == ["Ada A", "Cleo C"]
    once = page.follow("Once there")
    assert names(once) == ["Ben B"]
    assert "Until 2014" in once.words
    assert names(page.submit(year="2011")) == ["Ben B", "Cleo C"]
    assert names(page.submit(year="")) == ["Ada A", "Cleo C"]


def test_a_year_that_is_none_is_ignored(browse: Browser, make: Make) -> None:
    from portal.organisations.queries import host

    browser = browse.as_(make.member("Zoë Viewer"))
    for year in ("0", "-3", "99999999", "abc"):
        assert browser.open("directory.organisation", public_id=host().public_id, year=year).status == 200


def test_who_left_is_listed_by_year_over_several_pages(browse: Browser, make: Make, works: Works) -> None:
    me = make.member("Zoë Viewer")
    for number in range(30):
        works(make.member(f"Person {number:02}"), "Acme", "2000", str(2001 + number // 10))
    page = browse.as_(me).open("directory.organisations", q="acme").follow("Acme").follow("Once there")
    rest = page.follow("More people")
    assert len(set(names(page) + names(rest))) == 30
    assert page.words.index("Until 2003") < page.words.index("Until 2002")
    assert names(rest.follow("Back")) == names(page)


def test_the_hierarchy_is_linked(browse: Browser, make: Make, works: Works) -> None:
    from portal.organisations.actions import set_parent

    me, ada = make.member("Zoë Viewer"), make.member("Ada A")
    works(ada, "Acme Billing", "2019")
    set_parent(make.organisation("Acme Billing"), make.organisation("Acme Group"), by=make.system)
    set_parent(make.organisation("Acme Ghosts"), make.organisation("Acme Group"), by=make.system)
    db.session.commit()
    page = browse.as_(me).open("directory.organisations", q="billing")
    assert "part of Acme Group" in page.words
    group = page.follow("Acme Billing").follow("Acme Group")
    assert group.heading == "Acme Group"
    assert "Acme Ghosts" not in group.words
    assert group.follow("Acme Billing").heading == "Acme Billing"


def test_firms_can_not_belong_to_each_other_in_a_circle(make: Make) -> None:
    import pytest

    from portal.core.errors import Invalid
    from portal.organisations.actions import set_parent

    one, two, three = (make.organisation(name) for name in ("One", "Two", "Three"))
    set_parent(one, two, by=make.system)
    set_parent(two, three, by=make.system)
    for child, parent in ((three, one), (one, one), (three, three)):
        with pytest.raises(Invalid):
            set_parent(child, parent, by=make.system)


def test_organisations_are_found_by_any_word_and_by_other_names(browse: Browser, make: Make, works: Works) -> None:
    from portal.organisations.actions import add_alias

    me, ada = make.member("Zoë Viewer"), make.member("Ada A")
    works(ada, "Old Maltings Brewery", "2019")
    add_alias(make.organisation("Old Maltings Brewery"), "OMB", by=make.system)
    db.session.commit()
    for query in ("old", "maltings", "BREWERY", "omb"):
        page = browse.as_(me).open("directory.organisations", q=query)
        assert "Old Maltings Brewery" in page.words, query
    assert "No organisation found" in browse.as_(me).open("directory.organisations", q="100%").words


def test_the_list_of_organisations_pages_and_costs_the_same(browse: Browser, make: Make, works: Works) -> None:
    me = make.member("Zoë Viewer", relation="")
    works(me, "Firm 00", "2019")
    browser = browse.as_(me)
    browser.open("directory.organisations")
    few = browser.open("directory.organisations")
    for number in range(1, 30):
        works(me, f"Firm {number:02}", "2019")
    full = browser.open("directory.organisations")
    browser.open("directory.organisations")
    full = browser.open("directory.organisations")
    assert len(full.statements) == len(few.statements)
    assert "Firm 23" in full.words
    assert "Firm 24" in full.follow("More organisations").words


def test_an_organisation_page_costs_the_same_for_one_and_for_many(browse: Browser, make: Make, works: Works) -> None:
    me = make.member("Zoë Viewer", relation="")
    works(me, "Acme", "2019")
    browser = browse.as_(me)
    firm = make.organisation("Acme")
    counts = []
    for number in (0, 30):
        for each in range(number):
            works(make.member(f"Person {each:02}", relation=""), "Acme", "2018")
        browser.open("directory.organisation", public_id=firm.public_id)
        counts.append(len(browser.open("directory.organisation", public_id=firm.public_id).statements))
    assert counts[0] == counts[1] <= 9
