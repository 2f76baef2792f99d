"""Searches that a member keeps, and what the weekly letter tells of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Invalid, NotAllowed
from portal.directory.letter import KeptSearches
from portal.directory.models import SavedSearch
from portal.directory.person_data import SearchesData
from portal.directory.queries import Filters
from portal.directory.saving import MOST, remove_search, save_search
from portal.people import actions as people
from tests.directory.test_finding_people import names

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

Shows = Any


def test_a_search_is_kept_opened_and_removed(browse: Browser, make: Make, shows: Shows) -> None:
    me, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace")
    shows(ada, "skill", "welding")
    page = browse.as_(me).open("directory.people", q="welding", relation="employee:former").follow("Keep this search")
    kept = page.submit("Keep it", name="Welders")
    assert "Kept. Your weekly letter" in kept.words
    assert names(kept.follow("Welders")) == ["Ada Lovelace"]
    gone = browse.as_(me).open("directory.saved").submit("Remove")
    assert "You keep no searches yet" in gone.words


def test_the_same_search_is_kept_once_and_twenty_at_most(make: Make) -> None:
    viewer = make.viewer(make.member())
    first = save_search(Filters(q="welding"), "Welders", by=viewer)
    assert save_search(Filters(q="welding"), "All welders", by=viewer) is first
    for number in range(MOST - 1):
        save_search(Filters(q=f"word{number}"), "Words", by=viewer)
    for wanted in (Filters(q="one more"), Filters()):
        with pytest.raises(Invalid):
            save_search(wanted, "Too many", by=viewer)
    with pytest.raises(NotAllowed):
        remove_search(first, by=make.viewer(make.member()))


def test_a_search_for_nothing_is_not_kept(browse: Browser, make: Make) -> None:
    assert "Search for something first" in browse.as_(make.member()).open("directory.save").words


def test_the_letter_tells_who_is_new_and_nobody_who_may_not_be_met(make: Make, shows: Shows) -> None:
    """P1, I11: who hides the value, stepped back or blocked is in no letter."""
    me = make.member("Zoë Viewer")
    before = make.member("Old Welder")
    shows(before, "skill", "welding")
    viewer = make.viewer(me)
    save_search(Filters(q="welding"), "Welders", by=viewer)
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=3)):
        new = [make.member(name, days_ago=0) for name in ("Ada New", "Ben Hidden", "Cleo Back", "Dora Blocks")]
        for person in new:
            shows(person, "skill", "welding", "only_me" if person.full_name == "Ben Hidden" else "members")
        people.step_back(new[2], by=make.viewer(new[2]))
        people.block(me, by=make.viewer(new[3]))
        shows(before, "language", "Polish", "only_me")
        db.session.commit()
        part, since = KeptSearches(), clock.now() - timedelta(days=2)
        pieces = part.gather(make.viewer(me), since, told=frozenset(), limit=5)
        assert [(piece.title, piece.meta) for piece in pieces] == [("Ada New", "Found by “Welders”")]
        assert part.gist(pieces) == "one person in your kept searches"
        assert part.gather(make.viewer(me), since, told=frozenset({pieces[0].about}), limit=5) == []
        assert part.readable(make.viewer(me), {pieces[0].key}) == {pieces[0].key}
        people.step_back(new[0], by=make.viewer(new[0]))
        assert part.readable(make.viewer(me), {pieces[0].key}) == set()


def test_kept_searches_go_with_their_person(make: Make) -> None:
    """P5: exported, moved without doubles, erased."""
    ada, twin = make.member("Ada Lovelace"), make.member("Ada Twin")
    for person in (ada, twin):
        save_search(Filters(q="welding"), "Welders", by=make.viewer(person))
    save_search(Filters(q="cranes"), "Cranes", by=make.viewer(ada))
    SearchesData().move(ada.id, twin.id)
    assert [each["name"] for each in SearchesData().export(twin.id)["kept_searches"]] == ["Cranes", "Welders"]
    SearchesData().erase(twin.id)
    assert db.session.query(SavedSearch).count() == 0
