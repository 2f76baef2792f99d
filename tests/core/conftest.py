"""What core's tests share: a small application on each database, and worker processes to be killed."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core import backup, memory, outbox
from portal.core.audit import AuditKey, AuditRow, AuditValues
from portal.core.db import Base, db
from portal.core.jobs import Job, PeriodicJob
from portal.core.limit_storage import RateHit
from portal.core.outbox import OutboxMail
from portal.core.settings import SettingRow
from portal.core.stamps import Stamp
from portal.core.suppression import CARRIED, SuppressedAddress
from tests.core import sample_jobs, small_app
from tests.databases import Postgres, SQLite

POSTGRES = os.environ.get("PORTAL_TEST_POSTGRES", "")
MODELS = (
    Job, PeriodicJob, OutboxMail, RateHit, SettingRow, Stamp, SuppressedAddress, AuditRow, AuditValues, AuditKey,
)  # fmt: skip
TABLES = [model.__table__ for model in MODELS]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL database that only core's tests use."""
    if not POSTGRES:
        pytest.skip("PORTAL_TEST_POSTGRES names no server")
    server = sa.engine.make_url(POSTGRES)
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"portal_core_{secrets.token_hex(6)}"
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def own_database(database: SQLite | Postgres, request: pytest.FixtureRequest) -> str:
    """The kind of database that was asked for; empty is a SQLite file in the test's folder."""
    return "" if isinstance(database, SQLite) else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def app(tmp_path: Path, own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The small application with empty tables."""
    # What features above have hooked in works on tables that are not here.
    monkeypatch.setattr(outbox, "_headers", [])
    monkeypatch.setattr(backup, "_carried", [each for each in backup._carried if each.name == CARRIED])
    monkeypatch.setenv("TEST_DATA", str(tmp_path))
    monkeypatch.setenv("TEST_DATABASE", own_database)
    made = small_app.make(tmp_path, own_database)
    yield from with_tables(made)


def with_tables(made: Flask) -> Iterator[Flask]:
    """The application in its context, with empty tables."""
    memory.forget()
    with made.app_context():
        Base.metadata.create_all(db.engine, tables=TABLES)
        sample_jobs.METADATA.create_all(db.engine)
        if db.engine.dialect.name == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(
                    sa.text("TRUNCATE " + ", ".join(table.name for table in [*TABLES, sample_jobs.THINGS]))
                )
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def lines(app: Flask, tmp_path: Path) -> Callable[[], list[str]]:
    """What the sample jobs have announced so far."""
    path = tmp_path / "lines"
    return lambda: path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def worker(app: Flask, lines: Callable[[], list[str]]) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts real worker processes; those still alive at the end are killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(**environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.small_app"], cwd=small_app.ROOT, env={**os.environ, **environment}
        )
        started.append(process)
        until(lambda: f"worker {process.pid} ready" in lines())
        return process

    yield start
    for process in started:
        process.send_signal(signal.SIGKILL)
        process.wait()


def until(true: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
