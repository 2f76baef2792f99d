"""A walk over every main page in a full house: wide and narrow, light and dark."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.accounts.models import EmailAddress
from portal.consents.actions import ensure_legal_texts
from portal.core import memory
from portal.core.access import system_viewer
from portal.core.db import db
from portal.demo import load
from portal.demo.sign_ins import address_of
from portal.people.models import Person
from tests.conftest import _empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.core.application import Portal

VISITOR = (
    ("landing", "/"), ("sign-in", "/sign-in"), ("join", "/join"), ("forgot", "/forgot"), ("terms", "/terms"),
    ("privacy", "/privacy"), ("how-to-claim", "/claim"),
)  # fmt: skip
MEMBER = (
    ("home", "/"), ("boards", "/boards"), ("new-topic-where", "/new-topic"), ("search", "/search?q=crane&tab=posts"),
    ("worked-with-me", "/people"), ("people", "/people?show=everybody"), ("organisations", "/organisations"),
    ("hellos", "/hellos"), ("connections", "/connections"), ("notifications", "/notifications"), ("guidelines", "/guidelines"),
    ("moderation-log", "/moderation-log"), ("my-standing", "/my-standing"), ("moved", "/moved"),
)  # fmt: skip
SETTINGS = (
    ("edit-profile", "/settings/profile"), ("view-as", "/settings/profile/as/member"), ("photo", "/settings/profile/photo"),
    ("career", "/settings/career"), ("add-entry", "/settings/career/add"), ("addresses", "/settings/addresses"),
    ("ways-in", "/settings/how-you-get-in"), ("devices", "/settings/devices"), ("preferences", "/settings/preferences"),
    ("mail-settings", "/settings/notifications"), ("blocks", "/settings/blocks"), ("your-data", "/settings/your-data"),
    ("step-back", "/settings/step-back"), ("own-profile", "/people/me"),
)  # fmt: skip
# From the page, the first of these links: a board, a topic …
LINKED = (
    ("board", "/boards", "main .boards a[href*='/boards/']"), ("new-topic", "", "main a[href$='/new']"),
    ("topic", "/", "main a[href*='/topics/']"), ("person", "/people", "main a[href^='/people/']:not([href*='?'])"),
    ("say-hello", "", "main a[href$='/hello']"), ("organisation", "/organisations", "main .rows a[href^='/organisations/']"),
    ("report", "/topics", "main a[href^='/report/']"),
)  # fmt: skip


@pytest.fixture(scope="module")
def app(house: Portal) -> Iterator[Portal]:
    """The house with the made-up community in it; nothing is counted on the walk."""
    config = house.config["PORTAL"]
    with house.app_context():
        memory.forget()
        load.load()
        ensure_legal_texts(by=system_viewer())
        db.session.commit()
        house.config["PORTAL"] = replace(config, limits="off")
        yield house
        house.config["PORTAL"] = config
        db.session.remove()
        _empty()
        memory.forget()


@pytest.fixture
def demo(app: Portal, someone: Callable[..., Any]) -> Callable[[str], Any]:
    """A browser in which one of the fixed sign-ins is signed in."""

    def open_for(name: str) -> Any:
        found = select(Person).join(EmailAddress, EmailAddress.person_id == Person.id)
        return someone(db.session.execute(found.where(EmailAddress.live_norm == address_of(name))).scalar_one())

    return open_for


def walk(one: Any, pages: tuple[tuple[str, str], ...]) -> None:
    """Look at each page in all ways, then say all that was wrong."""
    found = []
    for name, path in pages:
        one.go(path)
        assert one.status == 200, f"{path} answers {one.status}"
        found += one.look_all_ways(name)
    assert not found, "\n".join(found)


def test_what_visitors_see(someone: Callable[..., Any], app: Portal) -> None:
    walk(someone(), VISITOR)


def test_what_members_see(demo: Callable[[str], Any]) -> None:
    walk(demo("maggie"), MEMBER)


def test_what_members_set(demo: Callable[[str], Any]) -> None:
    walk(demo("maggie"), SETTINGS)


def test_what_members_open(demo: Callable[[str], Any]) -> None:
    one, found = demo("maggie"), []
    for name, path, link in LINKED:
        if path == "/topics":
            one.go("/").go(one.page.locator("main a[href*='/topics/']").first.get_attribute("href"))
        elif path:
            one.go(path)
        one.go(one.page.locator(link).first.get_attribute("href"))
        assert one.status == 200, f"{one.page.url} answers {one.status}"
        found += one.look_all_ways(name)
    assert not found, "\n".join(found)
