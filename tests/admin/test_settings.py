"""Settings: with their defaults, audited, in force at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.core import settings
from portal.core.db import db
from portal.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make


def test_every_setting_can_be_seen_and_saved_unchanged(office: Browser, deeds: Callable[[], list[str]]) -> None:
    page = office.open("admin.settings.index")
    groups = [link for link in page.links() if link.startswith("/admin/settings/")]
    assert len(groups) == len({item.group for item in settings.registry()})
    before = len(deeds())
    for link in groups:
        answer = office.get(link).submit("Save")
        assert "Nothing was different." in answer.words, (link, answer.words[:300])
    assert len(deeds()) == before


def test_a_change_is_in_force_on_the_next_request(
    office: Browser, browse: Browser, make: Make, deeds: Callable[[], list[str]]
) -> None:
    """H5: for everybody, at once, on record."""
    member = browse.as_(make.member())
    assert "Yardfolk" not in member.open("home.index").text
    page = office.open("admin.settings.group", group="brand").submit("Save", brand_name="Yardfolk")
    assert "It is in force at once." in page.words
    assert "Changed" in page.words
    assert "Yardfolk" in member.open("home.index").text
    assert deeds()[-1] == "change setting"
    deed = office.open("admin.audit.index", verb="change setting").follow("Change setting")
    assert "Yardfolk" in deed.words
    assert "Kestrel & Lowe Alumni" in deed.words


def test_a_limit_holds_on_the_next_request(office: Browser, browse: Browser, make: Make) -> None:
    board, ben = make.board(), make.member()
    office.open("admin.settings.group", group="boards").submit("Save", title_min="30")
    page = (
        browse.as_(ben)
        .open("boards.start", public_id=board.public_id)
        .submit(title="Too short now", body="Words enough.")
    )
    assert page.status == 422


@pytest.mark.parametrize(
    ("group", "field", "value", "words"),
    [
        ("boards", "title_min", "many", "must be a number"),
        ("boards", "title_min", "0", "must be between 1 and 50"),
        ("brand", "brand_accent", "reddish", "Write a colour like"),
        ("brand", "brand_name", "", "between 2 and 60 characters"),
    ],
)
def test_a_wrong_value_is_refused_beside_its_field(
    office: Browser, group: str, field: str, value: str, words: str
) -> None:
    page = office.open("admin.settings.group", group=group).submit("Save", **{field: value})
    assert page.status == 422
    assert words in page.words
    assert not settings.changed().get(field)


def test_one_wrong_value_saves_nothing(office: Browser) -> None:
    office.open("admin.settings.group", group="boards").submit("Save", title_min="0", title_max="150")
    db.session.rollback()
    assert settings.get("title_max") == 200


def test_all_of_a_group_goes_back_to_its_defaults(office: Browser) -> None:
    page = office.open("admin.settings.group", group="brand").submit("Save", brand_name="Yardfolk")
    page = page.submit("Set all of these back")
    assert "Yardfolk" not in page.text
    db.session.rollback()
    assert settings.get("brand_name") == "Kestrel & Lowe Alumni"


def test_a_colour_is_tried_before_it_is_saved(office: Browser) -> None:
    page = office.open("admin.settings.group", group="brand", accent="#ffee00")
    assert "/ffee00-" in page.text, "the page wears the colour"
    assert "adjusted" in page.words
    assert "Readable" in page.words
    assert "/ffee00-" not in office.open("admin.settings.group", group="brand").text


def test_a_setting_that_is_out_of_bounds_is_refused_wherever_it_comes_from(make: Make, ada: Person) -> None:
    with pytest.raises(Invalid):
        settings.set_value("title_min", 0, by=make.viewer(ada))
    with pytest.raises(Invalid):
        settings.set_value("title_min", "five", by=make.viewer(ada))
