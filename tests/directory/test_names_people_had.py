"""Names in other letters, short names, and names that people had: found by those who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.core.db import db
from portal.core.errors import Missing, NotAllowed
from portal.core.scripts import romanised
from portal.core.text import fold
from portal.profiles.models import FormerName, PersonTerm
from portal.profiles.names import forget_former_name, show_former_name
from portal.profiles.nicknames import also_called
from portal.profiles.person_data import ProfileData
from portal.profiles.queries import own_former_name
from tests.directory.test_finding_people import find, names

if TYPE_CHECKING:
    from tests.browse import Browser, Page
    from tests.factories import Make


@pytest.mark.parametrize(("name", "typed"), [
    ("Robert Hale", "bob hale"), ("Bob Hale", "robert"), ("Aleksandra Nowak", "sasha") , ("Elżbieta Nowak", "ela"),
    ("Мария Иванова", "maria ivanova"), ("Мария Иванова", "masha"), ("Anna Petrova", "Анна Петрова"),
    ("Γιώργος Παπαδόπουλος", "papadopoulos"), ("Jürgen Groß", "jurgen gross"), ("佐藤 花", "佐藤"), ("Михаил Щукин", "mikhail shch"),
    ("王伟", "wang wei"), ("Wang Wei", "王伟"), ("김민준", "min jun"), ("გიორგი ბერიძე", "giorgi beridze"), ("अमित शर्मा", "amit"),
])  # fmt: skip
def test_people_are_found_by_what_others_call_them(browse: Browser, make: Make, name: str, typed: str) -> None:
    """T5: in any script, by short names and by full ones."""
    me = make.member("Zoë Viewer")
    make.member("Quentin Else")
    make.member(name)
    assert find(browse, me, q=typed) == [name]


def test_a_short_name_is_no_wildcard(browse: Browser, make: Make) -> None:
    me = make.member("Zoë Viewer")
    make.member("Robert Hale")
    assert "robert" in also_called("bob")
    assert "bob" not in also_called("bob")
    assert also_called("hale") == ()
    page = browse.as_(me).open("directory.people", q='"bob"')
    assert "Robert Hale" not in page.words


def test_letters_become_latin_ones() -> None:
    assert romanised(fold("Сергей Ющенко")) == "sergei yushchenko"
    assert romanised(fold("Ελένη Ευαγγέλου")) == "eleni evangelou"
    assert romanised("plain words") == "plain words"
    assert romanised("王伟 김민준", names=True) == "wang wei gim min jun"
    assert romanised("王伟 gut ☕") == "王伟 gut ☕"


def rename(browse: Browser, person: Any, name: str, old_for: str) -> Page:
    return (
        browse.as_(person).open("profiles.name").submit("Change my name", full_name=name, call_name="", old_for=old_for)
    )


def test_a_new_name_stands_everywhere_at_once(browse: Browser, make: Make) -> None:
    me, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace")
    topic = make.topic(author=ada)
    address = {"public_id": topic.public_id, "slug": topic.slug}
    assert "Ada Lovelace" in browse.as_(me).open("boards.topic", **address).words
    assert "This is your name now" in rename(browse, ada, "Ada King", "only_me").words
    for page in (
        browse.as_(me).open("boards.topic", **address), browse.as_(me).open("directory.people", show="everybody"),
        browse.as_(me).open("profiles.person", public_id=ada.public_id),
    ):  # fmt: skip
        assert "Ada King" in page.words
        assert "Lovelace" not in page.text


def test_an_old_name_is_kept_to_oneself_unless_one_says_otherwise(browse: Browser, make: Make) -> None:
    """P1: not found, not shown, not similar."""
    me, ada = make.member("Zoë Viewer"), make.member("Ada Lovelace")
    rename(browse, ada, "Ada King", "only_me")
    for typed in ("Lovelace", "Lovelase", "ada lovelace"):
        assert "Ada King" not in browse.as_(me).open("directory.people", q=typed).words, typed
    own = browse.as_(ada).open("profiles.name")
    assert "Ada Lovelace" in own.words
    own.submit("Let members find me by it")
    page = browse.as_(me).open("directory.people", q="Lovelace")
    assert names(page) == ["Ada King"]
    assert "Formerly Ada Lovelace" in page.words
    assert "Similar names" in browse.as_(me).open("directory.people", q="Lovelase").words
    assert "Formerly Ada Lovelace" in browse.as_(me).open("profiles.person", public_id=ada.public_id).words
    browse.as_(ada).open("profiles.name").submit("Keep it to myself")
    assert names(browse.as_(me).open("directory.people", q="Lovelace")) == []
    browse.as_(ada).open("profiles.name").submit("Forget it")
    assert db.session.query(FormerName).count() == 0


def test_a_former_name_is_for_its_audience(browse: Browser, make: Make) -> None:
    """P1: staff may know it, a member may not."""
    member, staff, ada = (
        make.member("Zoë Viewer"),
        make.member("Sue Staff", roles=("staff",)),
        make.member("Ada Lovelace"),
    )
    rename(browse, ada, "Ada King", "staff")
    assert find(browse, staff, q="lovelace") == ["Ada King"]
    assert find(browse, member, q="lovelace") == []


def test_a_name_taken_again_is_former_no_more(browse: Browser, make: Make) -> None:
    ada = make.member("Ada Lovelace")
    rename(browse, ada, "Ada King", "members")
    rename(browse, ada, "Ada Lovelace", "members")
    assert [row.name for row in db.session.query(FormerName)] == ["Ada King"]


def test_a_stranger_changes_nobodys_names(browse: Browser, make: Make) -> None:
    ada, eve = make.member("Ada Lovelace"), make.member("Eve Else")
    rename(browse, ada, "Ada King", "only_me")
    former = db.session.query(FormerName).one()
    with pytest.raises(Missing):
        own_former_name(eve.id, former.public_id)
    with pytest.raises(NotAllowed):
        show_former_name(former, "members", by=make.viewer(eve))
    with pytest.raises(NotAllowed):
        forget_former_name(former, by=make.viewer(eve))


def test_former_names_go_with_their_person(browse: Browser, make: Make) -> None:
    """P5: exported, moved, erased."""
    ada, twin = make.member("Ada Lovelace"), make.member("Ada Twin")
    rename(browse, ada, "Ada King", "members")
    ProfileData().move(ada.id, twin.id)
    assert [row["name"] for row in ProfileData().export(twin.id)["former_names"]] == ["Ada Lovelace"]
    ProfileData().erase(twin.id)
    assert db.session.query(FormerName).count() == 0
    assert db.session.query(PersonTerm).filter_by(person_id=twin.id).count() == 0
