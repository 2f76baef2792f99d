"""The person page: each sees what was meant for them, and nothing else (P1, P2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.careers import actions as careers
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.errors import TooMany
from portal.core.partial_dates import PartialDate
from portal.people import actions as people
from portal.profiles import signals
from portal.profiles.actions import edit_profile
from portal.profiles.models import Shown

if TYPE_CHECKING:
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make


def full(make: Make, **audiences: str) -> Person:
    """A member who filled in everything; audiences as given, else members."""
    person = make.member("Ada Lovelace", department="Firmware", start="2009", end="2018")
    values = {
        "headline": ("Keeps cranes honest",),
        "about": ("I built the **first** load cell.",),
        "place": ("Bristol",),
        "phone": ("0117 496 0000",),
        "contact_note": ("Evenings are best",),
        "skill": ("Load cells", "Rust"),
        "language": ("English", "Polish"),
        "link": ("https://example.org/ada",),
    }
    fields = {name: Shown(value, audiences.get(name, "members")) for name, value in values.items()}
    edit_profile(person, fields, by=viewer_of(person.id))
    since, me = PartialDate.parse("2018-09"), viewer_of(person.id)
    careers.add_position(person, "Harbour Mills", title="Head of scales", site="Leith", start=since, by=me)
    db.session.commit()
    return person


def test_a_member_sees_the_whole_of_it(make: Make, browse: Browser) -> None:
    """The header tells the time at the host, the career runs below, the newest first."""
    page = browse.as_(make.member()).open("profiles.person", public_id=full(make).public_id)
    assert page.heading == "Ada Lovelace"
    there = (
        "Keeps cranes honest", "Former colleague", "Kestrel & Lowe 2009–2018, Firmware", "Head of scales",
        "Harbour Mills · Leith", "since September 2018", "Load cells", "Polish", "example.org/ada",
    )  # fmt: skip
    for words in there:
        assert words in page.words
    assert "<strong>first</strong>" in page.text
    assert page.words.index("Head of scales") < page.words.index("2009 – 2018")


def test_ways_to_reach_somebody_wait_for_both(make: Make, browse: Browser) -> None:
    """P2: with the usual audience, only a connection sees phone and note."""
    person, other = full(make, phone="connections", contact_note="connections"), make.member()
    assert "0117" not in browse.as_(other).open("profiles.person", public_id=person.public_id).words
    people.connect(person, by=viewer_of(other.id))
    db.session.commit()
    assert "0117 496 0000" in browse.as_(other).open("profiles.person", public_id=person.public_id).words


def test_a_visitor_gets_what_is_public_and_no_more(make: Make, browse: Browser) -> None:
    """P1: name and public fields; the rest of the page is not there."""
    person = full(make, headline="public", link="public")
    page = browse.open("profiles.person", public_id=person.public_id)
    assert page.status == 200
    assert page.heading == "Ada Lovelace"
    assert "Keeps cranes honest" in page.words
    for words in ("Bristol", "Firmware", "Harbour Mills", "0117", "load cell", "Say hello", "Former colleague"):
        assert words not in page.words


def test_without_anything_public_a_visitor_learns_nothing(make: Make, browse: Browser) -> None:
    """I12: a member's page and a page of nobody answer alike."""
    person = full(make)
    answers = [browse.client.get(f"/people/{public_id}") for public_id in (person.public_id, "nobody2222")]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [answer.location.replace(person.public_id, "nobody2222") for answer in answers] == [answers[1].location] * 2


def test_who_blocked_somebody_is_not_there_for_them(make: Make, browse: Browser) -> None:
    """A block holds both ways, as if there was nobody."""
    person, other = full(make), make.member()
    people.block(other, by=viewer_of(person.id))
    db.session.commit()
    assert browse.as_(other).open("profiles.person", public_id=person.public_id).status == 404
    assert browse.as_(person).open("profiles.person", public_id=other.public_id).status == 404


def test_unclaimed_and_stepped_back_people_have_no_page(make: Make, browse: Browser) -> None:
    """I11: the same 404 as for nothing."""
    me = browse.as_(make.member())
    stepped_back = make.member()
    people.step_back(stepped_back, by=viewer_of(stepped_back.id))
    db.session.commit()
    for public_id in (make.person().public_id, stepped_back.public_id, "nobody2222"):
        assert me.open("profiles.person", public_id=public_id).status == 404


def test_ones_own_empty_profile_invites(make: Make, browse: Browser) -> None:
    """What is empty is an invitation, seen by nobody else."""
    person = make.member("Ben Okafor")
    page = browse.as_(person).open("profiles.mine")
    assert page.heading == "Ben Okafor"
    for words in ("Add a photo", "Add a headline", "Say where you are now"):
        assert words in page.words
    other = browse.as_(make.member()).open("profiles.person", public_id=person.public_id)
    assert "Add a headline" not in other.words


def test_what_two_have_in_common_is_told_by_who_knows(make: Make, browse: Browser) -> None:
    """Other features give the reasons; the own page asks for none."""
    person, other = full(make), make.member()

    def together(viewer: Any, person_id: int) -> list[str]:
        return ["Bristol firmware, 2011–2014: 31 months together"]

    signals.reasons.append(together)
    try:
        page = browse.as_(other).open("profiles.person", public_id=person.public_id)
        assert "31 months together" in page.words
        assert "31 months" not in browse.as_(person).open("profiles.mine").words
    finally:
        signals.reasons.remove(together)


def test_opening_a_page_is_announced_and_can_be_refused(make: Make, browse: Browser) -> None:
    """P3: who meters the reading hears of each page of somebody else, and may say that it is enough."""
    person, other, opened = full(make), make.member(), []

    def meter(_sender: Any, **heard: Any) -> None:
        opened.append((heard["viewer"].person_id, heard["person_id"]))
        if len(opened) > 1:
            raise TooMany("That is enough for today.", 60)

    with signals.profile_opened.connected_to(meter):
        me = browse.as_(other)
        assert me.open("profiles.person", public_id=person.public_id).status == 200
        assert browse.as_(person).open("profiles.mine").status == 200
        assert me.open("profiles.person", public_id=person.public_id).status == 429
    assert opened == [(other.id, person.id)] * 2


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'; DROP TABLE person; --"]
)
def test_what_people_write_stays_text(make: Make, browse: Browser, text: str) -> None:
    """Nothing runs, and the words survive whole."""
    person = make.member()
    fields = {name: Shown((text,)) for name in ("headline", "place", "skill", "language", "phone", "contact_note")}
    edit_profile(person, fields, by=viewer_of(person.id))
    careers.add_position(person, text, title=text, department=text, site=text, by=viewer_of(person.id))
    careers.add_position(person, text, department=text, by=viewer_of(person.id))
    db.session.commit()
    page = browse.as_(make.member()).open("profiles.person", public_id=person.public_id)
    assert page.words.count(text) >= 10
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def test_a_full_page_costs_no_more_than_an_empty_one(make: Make, browse: Browser) -> None:
    """The same few queries however much there is."""
    empty, person, other = make.member(), full(make), browse.as_(make.member())
    for year in range(1990, 2000):
        careers.add_position(person, f"Firm {year}", start=PartialDate.parse(str(year)), by=viewer_of(person.id))
    db.session.commit()
    costs = [len(other.open("profiles.person", public_id=each.public_id).statements) for each in (empty, person)]
    costs = [len(other.open("profiles.person", public_id=each.public_id).statements) for each in (empty, person)]
    assert costs[0] == costs[1] <= 15


@pytest.mark.parametrize("who", ["visitor", "member", "same-kind", "connection", "staff"])
def test_view_as_is_the_page_that_the_other_gets(make: Make, browse: Browser, who: str) -> None:
    """P1: the same content between the frames, word for word."""
    person = full(make, headline="public", place="same_kind", phone="connections", skill="staff", language="only_me")
    connection = make.member(relation="partner:former")
    people.connect(person, by=viewer_of(connection.id))
    db.session.commit()
    others = {
        "visitor": None,
        "member": make.member(relation="partner:former"),
        "same-kind": make.member(relation="employee:former"),
        "connection": connection,
        "staff": make.member(roles=("staff",)),
    }
    mine = browse.as_(person).open("profiles.view_as", who=who)
    theirs = browse.as_(others[who]).open("profiles.person", public_id=person.public_id)
    assert "This is what others get." in mine.words
    assert body(mine) == body(theirs)


def test_view_as_a_visitor_may_show_nothing(make: Make, browse: Browser) -> None:
    """P1: while nothing is public, that is said."""
    page = browse.as_(full(make)).open("profiles.view_as", who="visitor")
    assert "does not learn that you are here" in page.words
    assert "Keeps cranes honest" not in page.words


def body(page: Any) -> list[str]:
    """The words of the profile: its head and what follows."""
    found = []
    for name in ("profile-head", "profile"):
        for node in page.tree.iter():
            if node.get("class") == name:
                found.append(" ".join("".join(node.itertext()).split()))
    assert len(found) == 2
    return found


def test_view_as_one_member_by_name(browse: Browser, make: Make) -> None:
    """P1: exactly what that member gets: a connection sees the phone, another one does not; a stranger's name is nobody."""
    ada, ben, cem = make.member("Ada Fern"), make.member("Ben Okafor"), make.member("Cem Demir")
    edit_profile(ada, {"phone": Shown(("+44 117 496 0000",), "connections")}, by=make.viewer(ada))
    people.connect(ben, by=make.viewer(ada))
    db.session.commit()
    mine = browse.as_(ada)
    assert "496 0000" in mine.open("profiles.view_as_person", name="ben okafor").words
    assert "496 0000" not in mine.open("profiles.view_as_person", name=cem.full_name).words
    assert "Nobody whom you can meet" in mine.open("profiles.view_as_person", name="Quill Nobody").words
    people.block(cem, by=make.viewer(ada))
    db.session.commit()
    assert "Nobody whom you can meet" in mine.open("profiles.view_as_person", name=cem.full_name).words
