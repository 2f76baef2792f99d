"""One predicate decides who sees a value: on the page, in lists, in search and in *view as* (P1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.careers import actions as careers
from portal.careers.models import AUDIENCES
from portal.core.access import VISITOR, Viewer, viewer_of
from portal.core.db import db
from portal.directory.queries import Filters, search_page
from portal.people import actions as people
from portal.people.models import Connection, Person
from portal.profiles import policies, queries
from portal.profiles.actions import edit_profile
from portal.profiles.models import Shown

if TYPE_CHECKING:
    from tests.factories import Make

Cast = tuple[Person, dict[str, Viewer]]
LOOKS = ("visitor", "member", "same-kind", "connection", "staff")
WORDY = ("headline", "place", "skill", "language", "about")
EXAMPLES = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}

# The truth table: who belongs to which audience. The person is a former customer.
BELONGS = {
    "visitor": {"public"},
    "member": {"public", "members"},
    "same-kind": {"public", "members", "same_kind"},
    "connection": {"public", "members", "connections"},
    "staff": {"public", "members", "staff"},
    "admin": {"public", "members", "staff"},
    "moderator": {"public", "members"},
    "self": set(AUDIENCES),
    "blocked": set(),
}


@pytest.fixture
def cast(make: Make) -> Cast:
    """A former customer, and everybody who may look at them."""
    person = make.member("Ada Lovelace", relation="customer:former")
    known = {
        "member": make.member(relation="partner:former"),
        "same-kind": make.member(relation="customer:current"),
        "connection": make.member(relation="partner:current"),
        "staff": make.member(roles=("staff",)),
        "admin": make.member(roles=("admin", "seller")),
        "moderator": make.member(relation="partner:former", roles=("moderator",)),
        "blocked": make.member(relation="customer:current"),
    }
    people.connect(person, by=viewer_of(known["connection"].id))
    people.block(known["blocked"], by=viewer_of(person.id))
    db.session.commit()
    viewers = {name: viewer_of(each.id) for name, each in known.items()}
    return person, viewers | {"visitor": VISITOR, "self": viewer_of(person.id)}


@given(audience=st.sampled_from(AUDIENCES), field=st.sampled_from(WORDY))
@settings(max_examples=30, **EXAMPLES)
def test_page_list_and_search_agree_on_a_field(cast: Cast, audience: str, field: str) -> None:
    """P1: for every audience and every viewer, by the truth table."""
    person, viewers = cast
    empty = {other: Shown(()) for other in WORDY}
    edit_profile(person, empty | {field: Shown((f"Zygomorph {person.id}",), audience)}, by=viewer_of(person.id))
    db.session.commit()
    for name, viewer in viewers.items():
        expected = audience in BELONGS[name]
        assert on_page(viewer, person, field) is expected, f"page: {name} × {audience}"
        assert found(viewer, person, f"zygomorph {person.id}") is expected, f"search: {name} × {audience}"
        if field == "headline":
            assert (person.id in queries.headlines(viewer, [person.id])) is expected, f"list: {name} × {audience}"


@given(audience=st.sampled_from(AUDIENCES))
@settings(max_examples=12, **EXAMPLES)
def test_page_and_search_agree_on_the_career(cast: Cast, audience: str) -> None:
    """P1: the same for a position, and for the bond with the host that is linked to one."""
    person, viewers = cast
    me = viewer_of(person.id)
    for old in [each for each in queries.positions_for(me, person.id) if not each.relation_id]:
        careers.remove_position(old, by=me)
    careers.add_position(person, f"Quixotry {person.id}", title="Miller", audience=audience, by=me)
    linked = next(each for each in queries.positions_for(me, person.id) if each.relation_id)
    careers.edit_position(linked, department="Vellichor", audience=audience, by=me)
    db.session.commit()
    for name, viewer in viewers.items():
        expected = audience in BELONGS[name]
        firms = {each.organisation.name for each in queries.positions_for(viewer, person.id)}
        assert (f"Quixotry {person.id}" in firms) is expected, f"page: {name} × {audience}"
        assert bool(queries.relations_for(viewer, person.id)) is expected, f"header: {name} × {audience}"
        assert found(viewer, person, "quixotry") is expected, f"search: {name} × {audience}"
        assert found(viewer, person, "vellichor") is expected, f"search: {name} × {audience}"


@given(audience=st.sampled_from(AUDIENCES), looks=st.sampled_from(LOOKS))
@settings(max_examples=30, **EXAMPLES)
def test_view_as_shows_what_the_other_gets(cast: Cast, audience: str, looks: str) -> None:
    """P1: the stand-in sees a value exactly when a real viewer of that sort does."""
    person, viewers = cast
    fields = {name: Shown((f"{name} of mine",), audience) for name in ("headline", "skill", "phone")}
    fields["link"] = Shown(("https://example.org",), audience)
    edit_profile(person, fields, by=viewer_of(person.id))
    db.session.commit()
    stand_in, real = policies.STAND_INS[looks](viewers["self"]), viewers[looks]
    assert shown(stand_in, person) == shown(real, person)
    assert queries.can_meet(stand_in, person) == queries.can_meet(real, person)


def test_words_are_found_across_what_one_sees(make: Make) -> None:
    """P1, T5: each word may stand elsewhere, but only where the viewer sees it; accents don't matter."""
    person = make.member("Dorota Wiśniewska", relation="employee:former", department="Firmware")
    fields = {"place": Shown(("Kraków",)), "skill": Shown(("Load cells", "Rust"), "only_me")}
    edit_profile(person, fields, by=viewer_of(person.id))
    db.session.commit()
    member = viewer_of(make.member().id)
    assert found(member, person, "wisniewska krakow firmw")
    assert not found(member, person, "wisniewska rust")
    assert found(viewer_of(person.id), person, "wisniewska rust")
    assert found(member, person, '"dorota wisniewska"')
    assert not found(member, person, '"wisniewska dorota"')
    assert not found(member, person, "")
    assert not found(VISITOR, person, "wisniewska")


def test_an_old_name_finds_nobody(make: Make) -> None:
    """R18: after a change of name the old one leads nowhere."""
    person = make.member("Ada Lovelace")
    people.rename(person, "Ada King", "", by=viewer_of(person.id))
    db.session.commit()
    member = viewer_of(make.member().id)
    assert found(member, person, "king")
    assert not found(member, person, "lovelace")


def test_who_is_not_here_is_not_found(make: Make) -> None:
    """I11: unclaimed persons and those who stepped back are in no search, and come back with their words."""
    unclaimed, person = make.person("Zeno Unclaimed"), make.member("Zeno Claimed")
    member, me = viewer_of(make.member().id), viewer_of(person.id)
    assert not found(member, unclaimed, "zeno")
    assert found(member, person, "zeno")
    people.step_back(person, by=me)
    db.session.commit()
    assert not found(member, person, "zeno")
    assert not queries.can_meet(member, person)
    people.come_back(person, by=me)
    db.session.commit()
    assert found(member, person, "zeno")


def test_without_anything_public_a_person_does_not_exist_for_visitors(make: Make) -> None:
    """P1, I12: visitors meet only those who show them something."""
    person = make.member()
    assert not queries.can_meet(VISITOR, person)
    edit_profile(person, {"headline": Shown(("Hello",), "public")}, by=viewer_of(person.id))
    db.session.commit()
    assert queries.can_meet(VISITOR, person)
    people.step_back(person, by=viewer_of(person.id))
    db.session.commit()
    assert not queries.can_meet(VISITOR, person)


def test_a_connection_that_ended_sees_nothing_more(cast: Cast) -> None:
    """P2: what connections see goes with the connection."""
    person, viewers = cast
    edit_profile(person, {"phone": Shown(("0117 496 0000",), "connections")}, by=viewers["self"])
    people.disconnect(person, by=viewers["connection"])
    db.session.commit()
    assert not db.session.query(Connection).count()
    assert not on_page(viewers["connection"], person, "phone")


def on_page(viewer: Viewer, person: Person, field: str) -> bool:
    """Whether the person page shows the field."""
    return any(entry.field == field for entry in queries.entries_for(viewer, person.id))


def found(viewer: Viewer, person: Person, words: str) -> bool:
    """Whether a search finds the person."""
    return person.id in {card.face.id for card in search_page(viewer, Filters(q=words))[0].items}


def shown(viewer: Viewer, person: Person) -> list[tuple[str, str]]:
    """Everything of the profile that a viewer sees."""
    profile = queries.profile_of(person, viewer)
    entries = [(entry.field, entry.value) for entry in profile.entries]
    positions = [("position", position.public_id) for position in profile.positions]
    return entries + positions + [("relation", relation.public_id) for relation in profile.relations]
