"""The test house: a real application on a real database, used through its front door."""

from __future__ import annotations

import gc
import os
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from sqlalchemy import update

from portal.core import jobs, limits, memory, settings
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.jobs import Job
from portal.organisations.actions import create_host
from portal.people.actions import ensure_system
from tests import databases
from tests.browse import Browser
from tests.factories import Make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from portal.core.application import Portal
    from tests.databases import Postgres, SQLite
    from tests.postbox import Postbox

# A busy machine may take its time over an example; how long things take is measured in benchmarks/.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")
NO_SKIP = os.environ.get("PORTAL_TEST_NO_SKIP") == "1"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which database the tests use: `make test` runs them on both."""
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite")


def pytest_report_header(config: pytest.Config) -> str:
    """Say aloud which database this is, and what runs on the other one alone."""
    which = config.getoption("--database")
    alone = "" if which == "sqlite" else "; what does not depend on it ran once, on SQLite, and is deselected here"
    return f"database: {which}{alone}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what cannot end differently there: it never asks for a database, or is marked `once`."""
    if config.getoption("--database") == "sqlite":
        return
    left_out = [item for item in items if item.get_closest_marker("once") or "database" not in item.fixturenames]  # type: ignore[attr-defined]
    items[:] = [item for item in items if item not in set(left_out)]
    config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking it through for garbage again and again would take a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Nothing to do is no failure where all that was asked for ran once, on SQLite."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.getoption("--database") == "postgres":
        session.exitstatus = pytest.ExitCode.OK


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever began the run clears up behind it."""
    if not hasattr(config, "workerinput"):
        databases.sweep(config.getoption("--database"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Where skipping is forbidden, a skipped test is a failed one."""
    outcome: Any = yield
    report = outcome.get_result()
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> SQLite | Postgres:
    """The kind of databases that are asked for: what never looks at it needs no second run."""
    return databases.kind_of(request.config.getoption("--database"))


@pytest.fixture(scope="session")
def database_url(database: SQLite | Postgres) -> Iterator[str]:
    """An empty database of our own for this test process."""
    name = f"portal_test_{secrets.token_hex(6)}"
    database.create(name)
    yield database.url(name)
    database.drop(name)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for uploads and mails of this test process."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def house(database: SQLite | Postgres, database_url: str, data_dir: Path) -> Iterator[Portal]:
    """The application, built once for the process: the host and the system are there, nobody else."""
    application = databases.build(database_url, data_dir)
    with application.app_context():
        db.create_all()
        ensure_system()
        create_host("Kestrel & Lowe", by=system_viewer())
        for key in ("reply_gap_seconds", "topic_gap_seconds"):
            if key in {item.key for item in settings.registry()}:
                settings.set_value(key, 0, by=system_viewer())
        db.session.commit()
        db.session.remove()
        database.keep()
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def app(house: Portal, database: SQLite | Postgres) -> Iterator[Portal]:
    """The application with an empty house, which is put back afterwards."""
    with house.app_context():
        yield house
        db.session.remove()
        database.put_back()
        memory.forget()
        house.extensions[limits.LIMITERS] = limits.counters("")


@pytest.fixture
def make(app: Portal) -> Make:
    """Makes members, boards, topics … as a story needs them, and commits them."""
    return Make()


@pytest.fixture
def browse(app: Portal) -> Browser:
    """A person's browser without JavaScript; every page it opens is checked."""
    return Browser(app)


@pytest.fixture
def work(app: Portal) -> Callable[[], int]:
    """Do the jobs that are due, as the worker would."""

    def run() -> int:
        db.session.remove()
        return jobs.run_due()

    return run


@pytest.fixture
def unlimited(app: Portal) -> Iterator[None]:
    """Walks over hundreds of pages: nothing is counted meanwhile."""
    config = app.config["PORTAL"]
    app.config["PORTAL"] = replace(config, limits="off")
    yield
    app.config["PORTAL"] = config


@pytest.fixture
def outbox(app: Portal) -> Any:
    """The mails that were posted, newest last."""
    from tests.postbox import Postbox

    return Postbox()


@pytest.fixture
def write_mails(app: Any) -> Callable[[], None]:
    """Do the jobs that are due, but leave the mails in the outbox: once sent, their links are forgotten."""

    def run() -> None:
        db.session.remove()
        waits = update(Job).where(Job.name == "core.deliver_mail", Job.state == "queued").values(state="held")
        for _ in range(20):
            db.session.execute(waits)
            db.session.commit()
            if not jobs.run_due(limit=1):
                return

    return run


@pytest.fixture
def letter(write_mails: Callable[[], None], outbox: Postbox) -> Callable[..., str]:
    """The link in the newest mail to an address, as a path."""

    def read(to: str) -> str:
        write_mails()
        return outbox.link(to)

    return read
