"""The career page of the settings: list, add, change, remove, each entry with who sees it (P1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.careers import actions, queries
from portal.core.access import viewer_of
from portal.core.db import db

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make


def test_an_entry_is_added_changed_and_removed(make: Make, browse: Browser) -> None:
    """T4, P1: with dates as people know them, and an audience."""
    person = make.member(start="2010", end="2018")
    me = browse.as_(person)
    page = me.open("careers.career").follow("Add an entry")
    assert "Who sees this entry" in page.words
    page = page.submit("Add", organisation="Harbour Mills", title="Miller", start="2018-09", audience="connections")
    assert "since September 2018" in page.words
    assert "My connections" in page.words
    page = page.follow("Edit: Miller").submit("Save", title="Head miller", end="2020", audience="only_me")
    assert "September 2018 – 2020" in page.words
    page = page.follow("Remove: Head miller").submit("Remove")
    assert "Harbour Mills is no longer part" in page.words
    assert len(queries.positions_of(person.id)) == 1


def test_what_was_typed_comes_back_with_the_sentence(make: Make, browse: Browser) -> None:
    """Errors stand beside the field, nothing typed is lost."""
    page = browse.as_(make.member()).open("careers.add")
    for fields, words in (
        ({"organisation": "", "title": "Miller"}, "Say which firm"),
        ({"organisation": "Acme", "title": "Miller", "start": "last spring"}, "Write a year, a month or a day"),
        ({"organisation": "Acme", "title": "Miller", "start": "2020", "end": "2018"}, "before the beginning"),
        ({"organisation": "x", "title": "Miller"}, "between 2 and 160"),
        ({"organisation": "Acme", "title": "Miller" * 40}, "under 120"),
    ):
        answer = page.submit("Add", **fields)
        assert answer.status == 422
        assert words in answer.words
        assert 'value="Miller' in answer.text


def test_the_entry_at_the_host_keeps_the_host_s_dates(make: Make, browse: Browser) -> None:
    """Its words and audience are the person's; firm and dates are not offered, and not taken."""
    person = make.member(start="2010", end="2018")
    [entry] = queries.positions_of(person.id)
    page = browse.as_(person).open("careers.edit", public_id=entry.public_id)
    assert 'name="start"' not in page.text
    assert "Remove" not in browse.as_(person).open("careers.career").words
    page = page.submit("Save", title="Firmware", audience="staff")
    assert "2010 – 2018" in page.words
    [relation] = queries.relations_of(person.id)
    assert relation.audience == "staff"


def test_somebody_elses_entry_is_not_there(make: Make, browse: Browser) -> None:
    """The same 404 as for nothing."""
    [entry] = queries.positions_of(make.member().id)
    other = browse.as_(make.member())
    for endpoint in ("careers.edit", "careers.remove"):
        assert other.open(endpoint, public_id=entry.public_id).status == 404
        assert other.open(endpoint, public_id="nothing222").status == 404


def test_suggested_are_firms_that_somebody_shows(make: Make, browse: Browser) -> None:
    """P1: a firm that is named only where the person alone sees it is suggested to nobody."""
    person = make.member()
    me = viewer_of(person.id)
    actions.add_position(person, "Münster Mühlen", by=me)
    actions.add_position(person, "Munich Secret Works", audience="only_me", by=me)
    db.session.commit()
    found = browse.as_(make.member()).get("/organisations/suggest?q=mun").response.get_json()
    assert [each["value"] for each in found] == ["Münster Mühlen"]
    assert browse.as_(person).get("/organisations/suggest?q=").response.get_json() == []
