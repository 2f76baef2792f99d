"""Counts beside the filters of the people page: of the very people whom the list shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.careers.queries import relations_of
from portal.core.db import add, db
from portal.directory.queries import NOTHING, Filters, counts
from portal.directory.queries.counts import MOST
from portal.people import actions as people
from portal.profiles.models import ProfileEntry
from tests.directory.test_finding_people import names

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

Shows = Any


def test_counts_tell_of_nobody_whom_the_list_does_not_show(browse: Browser, make: Make, shows: Shows) -> None:
    """P1, R22: a hidden value, relation or person is in no number."""
    me = make.member("Zoë Viewer")
    for name, relation, audience in (
        ("Ada A", "employee:former", "members"), ("Ben B", "customer:current", "members"),
        ("Cleo C", "customer:current", "only_me"), ("Dora D", "partner:former", "members"), ("Eve E", "employee:former", "members"),
    ):  # fmt: skip
        person = make.member(name, relation=relation)
        shows(person, "skill", "welding", audience)
        shows(person, "skill", "Rigging", audience)
        shows(person, "place", "Bristol", "members" if name == "Ada A" else "only_me")
        if name == "Dora D":
            relations_of(person.id)[0].audience = "only_me"
        if name == "Eve E":
            people.step_back(person, by=make.viewer(person))
    db.session.commit()
    counted = counts(make.viewer(me), Filters(q="welding"))
    assert dict(counted.relations) == {"employee": 1, "employee:former": 1, "customer": 1, "customer:current": 1}
    assert counted.places == (("Bristol", 1),)
    assert set(counted.skills) == {("welding", 3), ("Rigging", 3)}
    page = browse.as_(me).open("directory.people", q="welding")
    assert "Once worked here (1)" in page.words
    assert "Once a partner (0)" in page.words
    assert "Bristol 1" in page.words
    assert counts(make.viewer(me), Filters()) == NOTHING


def test_each_count_is_the_length_of_its_list(browse: Browser, make: Make, shows: Shows) -> None:
    """Whatever else is asked for, and a place counts those that begin like it."""
    me = make.member("Zoë Viewer")
    for n in range(8):
        relation = ("employee:former", "employee:current", "customer:former", "partner:current")[n % 4]
        person = make.member(f"Person {n}", relation=relation)
        shows(person, "place", ("Bristol", "Bristol, Clifton", "Leeds")[n % 3])
        for skill in ("Welding", "Rigging", "Gear 6")[: n % 3 + 1]:
            shows(person, "skill", skill)
    for asked in (
        {"q": "welding"},
        {"skills": "welding"},
        {"q": "welding", "relation": "employee"},
        {"place": "Bristol"},
    ):
        counted = counts(make.viewer(me), Filters(**asked))
        assert counted.skills, asked
        for key, count in counted.relations:
            found = browse.as_(me).open("directory.people", **asked | {"relation": key})
            assert len(names(found)) == count, (asked, key)
        page = browse.as_(me).open("directory.people", **asked)
        for value, count in counted.places + counted.skills:
            assert len(names(page.follow(value))) == count, (asked, value)


def test_what_is_asked_for_is_not_offered_again(make: Make, shows: Shows) -> None:
    me, ada = make.member(), make.member("Ada Lovelace")
    for field, value in (("skill", "Welding"), ("skill", "Rigging"), ("place", "Bristol")):
        shows(ada, field, value)
    counted = counts(make.viewer(me), Filters(skills="welding", place="bristol"))
    assert (counted.places, counted.skills) == ((), (("Rigging", 1),))


def test_of_more_people_than_are_counted_nothing_is_said(make: Make, shows: Shows) -> None:
    me = make.member()
    viewer, at_bristol = make.viewer(me), Filters(place="Bristol")
    crowd = [people.create_person(f"Person {n}", by=make.system) for n in range(MOST)]
    for person in crowd:
        people.claim_person(person, by=make.system)
        add(ProfileEntry(person_id=person.id, field="place", value="Bristol", folded="bristol"))
        add(ProfileEntry(person_id=person.id, field="skill", value="Welding", folded="welding"))
    db.session.commit()
    assert counts(viewer, at_bristol).skills == (("Welding", MOST),)
    shows(make.member("One more"), "place", "Bristol")
    assert counts(viewer, at_bristol) == NOTHING
