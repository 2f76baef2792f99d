"""A value that somebody keeps from me changes nothing that I see: no hit, no count, no order, no suggestion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from portal.careers.actions import edit_position
from portal.careers.models import Position, Relation
from portal.core.db import db
from portal.people import actions as people

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

Shows = Any
Works = Any
HIDDEN = ("connections", "staff", "only_me")
QUESTIONS: tuple[dict[str, str], ...] = (
    {"show": "everybody"}, {"q": "secretword"}, {"q": "ada secretword"}, {"q": "secretfirm"}, {"skills": "secretword"},
    {"place": "secretword"}, {"organisation": "secretfirm"}, {"department": "secretdept"},
    {"year_from": "1961", "year_to": "1963"}, {"relation": "partner"}, {"q": "secretdept"},
)  # fmt: skip


def answers(browse: Browser, person: Any) -> list[str]:
    """Every list, search, suggestion and page of organisations, without what differs between any two requests."""
    browser = browse.as_(person)
    found = [browser.open("directory.people", **wanted).text for wanted in QUESTIONS]
    found += [browser.open("directory.organisations").text, browser.open("directory.organisations", q="secret").text]
    found += [str(browser.open("directory.suggest", q="ada").response.json)]
    found += [str(browser.get("/organisations/suggest?q=secret").response.json)]
    found += [browser.open("directory.people").text, browser.open("search.index", q="secretword", tab="people").text]
    return [re.sub(r'(csrf_token|once_key)" value="[^"]*"|[^>]*</time>', "", text) for text in found]


@pytest.mark.parametrize("audience", HIDDEN)
def test_results_are_equal_with_and_without_the_private_value(
    browse: Browser, make: Make, shows: Shows, works: Works, audience: str
) -> None:
    """R22, P1: for a member outside the audience nothing tells that the value exists."""
    me, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace")
    works(me, "Secretfirm", "1960", "1970")
    before = answers(browse, me)
    shows(ada, "skill", "Secretword", audience)
    shows(ada, "place", "Secretword", audience)
    shows(ada, "headline", "Secretword", audience)
    works(ada, "Secretfirm", "1961", "1963", department="Secretdept", audience=audience)
    assert answers(browse, me) == before


def test_inside_the_audience_everything_is_found(browse: Browser, make: Make, shows: Shows, works: Works) -> None:
    """P1: the same predicate lets a connection in."""
    me, ada = make.member("Zoë Viewer", relation=""), make.member("Ada Lovelace")
    works(me, "Secretfirm", "1960", "1970")
    shows(ada, "skill", "Secretword", "connections")
    works(ada, "Secretfirm", "1961", "1963", audience="connections")
    people.connect(ada, by=make.viewer(me))
    db.session.commit()
    browser = browse.as_(me)
    for wanted in ({"q": "secretword"}, {"skills": "secretword"}, {"organisation": "secretfirm"}):
        assert "Ada Lovelace" in browser.open("directory.people", **wanted).words, wanted
    assert "together at Secretfirm" in browser.open("directory.people").words


def test_a_hidden_relation_or_position_is_no_filter(browse: Browser, make: Make) -> None:
    """P1: hiding the time at the host takes the person out of those filters, not out of the list."""
    me, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace", department="Billing", relation="partner:former")
    position = db.session.query(Position).filter_by(person_id=ada.id).one()
    edit_position(position, audience="only_me", by=make.viewer(ada))
    db.session.query(Relation).filter_by(person_id=ada.id).one().audience = "only_me"
    db.session.commit()
    browser = browse.as_(me)
    for wanted in (
        {"relation": "partner"},
        {"department": "billing"},
        {"q": "billing"},
        {"year_from": "2016", "relation": "partner"},
    ):
        assert "Ada Lovelace" not in browser.open("directory.people", **wanted).words, wanted
    assert "Ada Lovelace" in browser.open("directory.people", show="everybody").words
    assert "together" not in browser.open("directory.people").words


def test_unclaimed_people_are_not_counted(browse: Browser, make: Make) -> None:
    """I11: an organisation that only unclaimed people name is not there."""
    from portal.careers.actions import record_relation

    me, firm = make.member(), make.organisation("Ghost Works")
    record_relation(make.person(), "customer", firm, by=make.system)
    db.session.commit()
    browser = browse.as_(me)
    assert "Ghost Works" not in browser.open("directory.organisations").words
    assert browser.get("/organisations/suggest?q=ghost").response.json == []
    assert browser.open("directory.organisation", public_id=firm.public_id).status == 404


def test_counts_tell_only_of_whom_one_can_meet(browse: Browser, make: Make, works: Works) -> None:
    """P1, R22: the number beside a firm leaves out hidden positions, blocked and stepped back people."""
    me, ada, ben, cleo, dora = (make.member(name) for name in ("Zoë Viewer", "Ada A", "Ben B", "Cleo C", "Dora D"))
    works(ada, "Acme", "2010", "2012")
    works(ben, "Acme", "2010", "2012", audience="only_me")
    works(cleo, "Acme", "2010", "2012")
    works(dora, "Acme", "2010", "2012")
    people.block(cleo, by=make.viewer(me))
    people.step_back(dora, by=make.viewer(dora))
    db.session.commit()
    page = browse.as_(me).open("directory.organisations", q="acme")
    assert "1 person" in page.words
    words = page.follow("Acme").follow("Once there").words
    assert "Ada A" in words
    assert not any(name in words for name in ("Ben B", "Cleo C", "Dora D"))
