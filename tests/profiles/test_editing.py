"""One's own profile: each field with who sees it, said before it is saved (P1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.careers import actions as careers
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.errors import Invalid, NotAllowed
from portal.profiles import queries
from portal.profiles.actions import edit_profile, remove_photo, set_photo, web_address
from portal.profiles.models import PersonTerm, ProfileEntry, Shown
from portal.profiles.person_data import ProfileData
from portal.profiles.tasks import first_steps

if TYPE_CHECKING:
    from portal.core.application import Portal
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make


def entries(person: Person) -> dict[str, list[tuple[str, str]]]:
    """What the profile says: values and audiences by field."""
    db.session.remove()
    said: dict[str, list[tuple[str, str]]] = {}
    for entry in queries.entries_for(viewer_of(person.id), person.id):
        said.setdefault(entry.field, []).append((entry.value, entry.audience))
    return said


def test_each_field_is_saved_with_its_audience(make: Make, browse: Browser) -> None:
    """P1: the select beside the field decides; ways to reach somebody start at connections (P2)."""
    person = make.member()
    page = browse.as_(person).open("profiles.edit")
    assert page.words.count("Who sees it") >= 7
    page = page.submit(
        "Save",
        headline="Keeps cranes honest",
        headline_audience="public",
        skill="Load cells, Rust,, rust ",
        phone="0117",
        about="First\n\nSecond",
        about_audience="only_me",
    )
    assert page.heading == person.full_name
    assert entries(person) == {
        "headline": [("Keeps cranes honest", "public")],
        "skill": [("Load cells", "members"), ("Rust", "members")],
        "phone": [("0117", "connections")],
        "about": [("First\n\nSecond", "only_me")],
    }


def test_what_leads_nowhere_is_told_by_its_field_and_nothing_typed_is_lost(make: Make, browse: Browser) -> None:
    """A number that is none, and a name for a link without an address."""
    person = make.member()
    page = browse.as_(person).open("profiles.edit")
    page = page.submit("Save", headline="Keeps cranes honest", phone="abc", **{"link-0-words": "My blog"})
    assert page.status == 422
    assert "Phone: Write a number" in page.words
    assert "Type the address of “My blog”" in page.words
    assert "Keeps cranes honest" in page.text
    assert entries(person) == {}


def test_one_line_holds_nothing_that_nobody_sees(make: Make, browse: Browser) -> None:
    """T5: no mark that turns the letters after it around."""
    person = make.member()
    browse.as_(person).open("profiles.edit").submit("Save", headline="Keeps\u202e cra\u200bnes", about="Sums:\n\n1 + 1")
    assert entries(person) == {
        "headline": [("Keeps cranes", "members")], "about": [("Sums:\n\n1 + 1", "members")]
    }  # fmt: skip


def test_settings_begin_with_the_profile(make: Make, browse: Browser) -> None:
    """The short address leads somewhere."""
    assert browse.as_(make.member()).get("/settings").url.endswith("/settings/profile")


def test_the_form_comes_back_as_it_was_saved(make: Make, browse: Browser) -> None:
    """Saving without a change changes nothing."""
    person = make.member()
    me = browse.as_(person)
    link = {"link-0-address": "example.org/x", "link-0-words": "Mine", "link_audience": "public"}
    place = {"place": "Łódź", "place_audience": "same_kind"}
    me.open("profiles.edit").submit("Save", skill="A, B", skill_audience="staff", **link, **place)
    before = entries(person)
    me.open("profiles.edit").submit("Save")
    assert entries(person) == before
    assert before["link"] == [("https://example.org/x", "public")]


def test_what_is_cleared_is_gone(make: Make, browse: Browser) -> None:
    """Also from search."""
    person = make.member()
    me = browse.as_(person)
    me.open("profiles.edit").submit(
        "Save", headline="Keeps cranes honest", skill="A, B", **{"link-0-address": "example.org"}
    )
    me.open("profiles.edit").submit("Save", headline="", skill="B", **{"link-0-address": ""})
    assert entries(person) == {"skill": [("B", "members")]}
    assert {term.text for term in db.session.query(PersonTerm).filter_by(person_id=person.id, source="skill")} == {"B"}


def test_a_new_name_is_everywhere_at_once(make: Make, browse: Browser) -> None:
    """R18, T5: one full name, and what to call the person."""
    person = make.member("Ada Lovelace")
    page = browse.as_(person).open("profiles.edit").submit("Save", full_name="Ada King", call_name="Countess")
    assert page.heading == "Ada King"
    assert "Lovelace" not in page.text
    page = browse.as_(person).open("profiles.edit").submit("Save", full_name=" ")
    assert page.status == 422


def test_errors_keep_what_was_typed(make: Make, browse: Browser) -> None:
    """The sentence stands at the field, nothing is lost, nothing half saved."""
    person = make.member()
    page = browse.as_(person).open("profiles.edit")
    for fields, words in (
        ({"link-0-address": "javascript:alert(1)"}, "no web address"),
        ({"link-0-address": "ftp://example.org"}, "no web address"),
        ({"headline": "x" * 121}, "under 120"),
        ({"skill": ", ".join(f"s{n}" for n in range(31))}, "at most 30 skills"),
        ({"skill": "x" * 41}, "under 40"),
        ({"headline_audience": "world"}, "Choose one of these"),
    ):
        answer = page.submit("Save", place="Bristol", **fields)
        assert answer.status == 422
        assert words in answer.words
        assert 'value="Bristol"' in answer.text
        assert entries(person) == {}


REFUSED = (
    "javascript:alert(1)", "data:text/html,x", "https://", "https://a b.org", "http://user@evil.org", "https://x", "//",
    "mailto:a@b.org", "https://example.org/<script>", "https://[bad", "file:///etc/passwd",
    "https://example.org\\@evil.org",
)  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_only_web_addresses_become_links(text: str) -> None:
    """Nothing but http and https, to a real-looking host."""
    with pytest.raises(Invalid):
        web_address(text)


def test_web_addresses_are_completed() -> None:
    """People leave the https out."""
    assert web_address("example.org/me") == "https://example.org/me"
    assert web_address("http://münchen.example/ü") == "http://münchen.example/ü"


def test_a_profile_is_its_person_s_own(make: Make) -> None:
    """Nobody else writes it, admins neither."""
    person, admin = make.member(), make.member(roles=("admin",))
    by = viewer_of(admin.id)
    for act in (
        lambda: edit_profile(person, {"headline": Shown(("x",))}, by=by),
        lambda: set_photo(person, "a.webp", "members", by=by),
        lambda: remove_photo(person, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_unknown_fields_and_audiences_are_refused(make: Make) -> None:
    """P1: no value without a known field and audience."""
    person = make.member()
    me = viewer_of(person.id)
    for field, shown in (("salary", Shown(("x",))), ("photo", Shown(("x",))), ("headline", Shown(("x",), "world")),
                         ("headline", Shown(("x", "y")))):  # fmt: skip
        with pytest.raises(Invalid):
            edit_profile(person, {field: shown}, by=me)


def test_first_steps_go_as_they_are_done(make: Make, app: Portal) -> None:
    """The cards of the first minute."""
    person = make.member()
    me = viewer_of(person.id)
    with app.app_context(), app.test_request_context():
        assert len(first_steps(me)) == 4
    edit_profile(person, {"headline": Shown(("Hello",)), "skill": Shown(("Rust",))}, by=me)
    careers.add_position(person, "Acme", by=me)
    db.session.commit()
    with app.app_context(), app.test_request_context():
        assert [card.label for card in first_steps(me)] == ["Add a photo of you"]


def test_a_profile_is_exported_merged_and_erased(make: Make) -> None:
    """I10, P5: everything is told, follows a merge, and goes."""
    old, new, data = make.member(), make.member(), ProfileData()
    edit_profile(
        old,
        {"headline": Shown(("Old",)), "place": Shown(("Leith",), "staff"), "skill": Shown(("A", "B"))},
        by=viewer_of(old.id),
    )
    edit_profile(new, {"headline": Shown(("New",)), "skill": Shown(("b",))}, by=viewer_of(new.id))
    db.session.commit()
    assert {"field": "place", "value": "Leith", "label": "", "audience": "staff"} in data.export(old.id)["profile"]
    data.move(old.id, new.id)
    db.session.commit()
    said = entries(new)
    assert {value for value, _ in said["skill"]} == {"A", "b"}
    assert (said["headline"], said["place"]) == ([("New", "members")], [("Leith", "staff")])
    assert data.count(old.id) == 0
    data.erase(new.id)
    db.session.commit()
    assert not db.session.query(ProfileEntry).count()
    assert not db.session.query(PersonTerm).filter_by(person_id=new.id).count()
