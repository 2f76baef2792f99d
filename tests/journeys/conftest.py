"""The main journeys in a real browser: a live server, Chromium, axe on every page that is looked at, pictures kept."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server

from portal.consents.actions import ensure_legal_texts
from portal.core.db import db
from tests.conftest import NO_SKIP
from tests.journeys.person import Person
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from portal.core.application import Portal
    from tests.factories import Make

BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
)  # the first has no windows, and is a fifth quicker
CHROMIUM = os.environ.get("PORTAL_TEST_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--font-render-hinting=none",
]  # fmt: skip
PICTURES = os.environ.get("PORTAL_TEST_SCREENSHOTS", "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey; it needs a browser, and says so where there is none."""
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker(pytest.mark.journey)
            if not CHROMIUM and not NO_SKIP:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: journeys are not walked"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys of this process."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "no Chromium on this machine; PORTAL_TEST_CHROMIUM may name one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Portal) -> Iterator[str]:
    """The portal, served on a port of its own while a journey lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    with serving(server):
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def at_home(app: Portal, address: str) -> Iterator[str]:
    """Passkeys belong to one address: the one that this journey's server has."""
    config = app.config["PORTAL"]
    app.config["PORTAL"] = replace(config, base_url=address)
    yield address
    app.config["PORTAL"] = config


@pytest.fixture
def wordings(make: Make) -> None:
    """The house has its rules."""
    ensure_legal_texts(by=make.system)
    db.session.commit()


@pytest.fixture
def someone(chromium: Browser, address: str, app: Portal) -> Iterator[Any]:
    """Opens a browser for somebody: `someone(member)`, `someone(None, by="keys")`, `someone(member, phone=True)`."""
    opened: list[Person] = []

    def open_for(member: Any = None, **kwargs: Any) -> Person:
        pictures = Path(PICTURES) if PICTURES else None
        one = Person(chromium, address, app, member, pictures=pictures, **kwargs)
        opened.append(one)
        return one

    yield open_for
    for one in opened:
        one.close()
