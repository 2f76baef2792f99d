"""The front page for visitors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from portal.app import create_app
from portal.core import settings
from portal.core.access import system_viewer
from portal.core.db import db

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make


def test_a_visitor_learns_whose_house_it_is_and_how_to_come_in(browse: Browser) -> None:
    page = browse.open("home.index")
    assert page.status == 200
    for words in (
        "You worked here",
        "You bought from us",
        "You sold with us",
        "You are still here",
        "Who sees what",
        "Sign in",
    ):
        assert words in page.words
    assert page.follow("Claim your account").heading == "Claim your account"


def test_the_words_are_the_hosts(browse: Browser) -> None:
    settings.set_value("brand_tagline", "Welcome back to the yard", by=system_viewer())
    settings.set_value("landing_lead", "A house for all of us.", by=system_viewer())
    db.session.commit()
    page = browse.open("home.index")
    assert page.heading == "Welcome back to the yard"
    assert "A house for all of us." in page.words


def test_a_visitor_learns_nothing_of_who_is_inside(browse: Browser, make: Make) -> None:
    """I12, R22: the front page is the same for an empty house and a full one."""
    empty = browse.open("home.index").words
    make.topic(author=make.member("Ada Okafor"), title="Frost on the crane")
    assert browse.open("home.index").words == empty


def test_what_a_visitor_may_open_says_how_to_claim(browse: Browser) -> None:
    page = browse.open("home.claim")
    assert "Open the link in the mail" in page.words
    assert page.follow("Sign in").status == 200


def test_the_living_page_is_for_development_alone(app: Portal, browse: Browser) -> None:
    assert browse.get("/dev/ui").status == 200
    config = replace(
        app.config["PORTAL"], env="production", base_url="https://alumni.example.org", mail_from="a@example.org"
    )
    assert not [rule for rule in create_app(config).url_map.iter_rules() if str(rule).startswith("/dev")]
