"""The test house: a real application on a real database, used through its front door."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from sqlalchemy import create_engine, inspect, text, update

from portal.app import create_app
from portal.config import Config
from portal.core import jobs, limits, memory, settings
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.jobs import Job
from portal.organisations.actions import create_host
from portal.people.actions import ensure_system
from tests.browse import Browser
from tests.factories import Make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.core.application import Portal
    from tests.postbox import Postbox

# A busy machine may take its time over an example; how long things take is measured in benchmarks/.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")
NO_SKIP = os.environ.get("PORTAL_TEST_NO_SKIP") == "1"
MEMORY = Path("/dev/shm")  # noqa: S108 - a disk's fsync is not what these tests are about
SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")  # tables inside SQLite's search tables
POSTGRES = os.environ.get("PORTAL_TEST_POSTGRES", "")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which database the tests use: `make test` runs them on both."""
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Where skipping is forbidden, a skipped test is a failed one."""
    outcome: Any = yield
    report = outcome.get_result()
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of our own for this test process."""
    if request.config.getoption("--database") == "sqlite":
        with TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
            yield f"sqlite:///{folder}/test.sqlite"
        return
    if not POSTGRES:
        pytest.skip("PORTAL_TEST_POSTGRES names no server")
    name = f"portal_test_{secrets.token_hex(6)}"
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    try:
        yield server.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for uploads and mails of this test process."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def house(database_url: str, data_dir: Path) -> Iterator[Portal]:
    """The application with its tables, built once for the process."""
    config = Config(env="development", secret_key="test " * 10, database_url=database_url, data_dir=str(data_dir))
    application = create_app(config)
    application.config["TESTING"] = True
    with application.app_context():
        db.create_all()
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def app(house: Portal) -> Iterator[Portal]:
    """The application with an empty house: the host and the system are there, nobody else."""
    with house.app_context():
        ensure_system()
        create_host("Kestrel & Lowe", by=system_viewer())
        for key in ("reply_gap_seconds", "topic_gap_seconds"):
            if key in {item.key for item in settings.registry()}:
                settings.set_value(key, 0, by=system_viewer())
        db.session.commit()
        yield house
        db.session.remove()
        _empty()
        memory.forget()
        house.extensions[limits.LIMITERS] = limits.counters("")


def _empty() -> None:
    """Delete all rows: quicker than making sixty tables anew."""
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    with db.engine.begin() as connection:
        names = inspect(connection).get_table_names()
        searched = [name for name in names if "_fts" in name and not name.endswith(SHADOWS)]
        is_sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql(
            "PRAGMA defer_foreign_keys=ON" if is_sqlite else "SET session_replication_role = replica"
        )
        for name in tables + searched:
            connection.exec_driver_sql(f'DELETE FROM "{name}"')  # noqa: S608 - our own tables
        if not is_sqlite:
            connection.exec_driver_sql("SET session_replication_role = origin")


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
