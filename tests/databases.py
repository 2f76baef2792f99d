"""Databases for tests: made once, then copied or put back, because to make one takes longer than most tests."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import flask_migrate
import pytest
import time_machine
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, inspect, text

from portal.app import create_app
from portal.config import Config
from portal.consents.actions import ensure_legal_texts
from portal.core import clock, memory
from portal.core.access import system_viewer
from portal.core.db import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from portal.core.application import Portal

RUN = os.environ.setdefault("PORTAL_TEST_RUN", secrets.token_hex(6))  # all processes of one run share it
MEMORY = Path("/dev/shm")  # noqa: S108 - a disk's fsync is not what these tests are about
POSTGRES = os.environ.get("PORTAL_TEST_POSTGRES", "")
DEMO = f"portal_demo_{RUN}"
BEGAN = "began"  # the file that says at which moment the demo community was made


def workshop() -> Path:
    """The folder that the processes of this run share."""
    folder = Path(MEMORY if os.access(MEMORY, os.W_OK) else tempfile.gettempdir()) / f"portal_test_{RUN}"
    folder.mkdir(exist_ok=True)
    return folder


class SQLite:
    """A database is a file in memory."""

    def url(self, name: str) -> str:
        """Where a database is."""
        return f"sqlite:///{workshop() / name}.sqlite"

    def create(self, name: str, like: str = "") -> None:
        """A new database: empty, or a copy of one that nobody is using."""
        if like:
            shutil.copyfile(workshop() / f"{like}.sqlite", workshop() / f"{name}.sqlite")

    def drop(self, name: str) -> None:
        """Take a database away."""
        for end in ("", "-wal", "-shm"):
            (workshop() / f"{name}.sqlite{end}").unlink(missing_ok=True)

    def keep(self) -> None:
        """Remember how the application's database is now."""
        self._copy(self._here(), self._kept())

    def put_back(self) -> None:
        """Make it again as it was kept."""
        self._copy(self._kept(), self._here())

    def _here(self) -> str:
        return str(db.engine.url.database)

    def _kept(self) -> str:
        return f"{self._here()}.kept"

    @staticmethod
    def _copy(source: str, target: str) -> None:
        with closing(sqlite3.connect(source)) as of, closing(sqlite3.connect(target, timeout=30)) as to:
            of.backup(to)


class Postgres:
    """A database on the server that PORTAL_TEST_POSTGRES names."""

    def __init__(self) -> None:
        if not POSTGRES:
            pytest.skip("PORTAL_TEST_POSTGRES names no server")
        self.server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
        self.back = ""

    def _ask(self, *statements: str) -> None:
        with self.server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        self.server.dispose()

    def url(self, name: str) -> str:
        """Where a database is."""
        return self.server.url.set(database=name).render_as_string(hide_password=False)

    def create(self, name: str, like: str = "") -> None:
        """A new database: empty, or a copy of one that nobody is using."""
        origin = f' TEMPLATE "{like}"' if like else ""
        self._ask(f'CREATE DATABASE "{name}"{origin}', f'ALTER DATABASE "{name}" SET synchronous_commit = off')

    def drop(self, name: str) -> None:
        """Take a database away."""
        self._ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def keep(self) -> None:
        """Remember how the application's database is now: its rows, beside the tables."""
        with db.engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA kept")
            steps = [step for table in inspect(connection).get_table_names() for step in _put_back(connection, table)]
        # Triggers rest meanwhile: what is kept is whole, and foreign keys need no order of tables.
        steps = ["SET LOCAL session_replication_role = replica", *steps]
        self.back = "; ".join(steps)

    def put_back(self) -> None:
        """Make it again as it was kept, in one trip."""
        with db.engine.begin() as connection:
            connection.exec_driver_sql(self.back)


def _put_back(connection: Connection, table: str) -> list[str]:
    """Keep a table's rows in a table of their own if there are any; what brings them back."""
    steps = [f'DELETE FROM "{table}"']  # noqa: S608 - our own tables, here and below
    if connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1').first():  # noqa: S608
        columns = ", ".join(
            f'"{column["name"]}"' for column in inspect(connection).get_columns(table) if not column.get("computed")
        )
        connection.exec_driver_sql(f'CREATE TABLE kept."{table}" AS SELECT {columns} FROM "{table}"')  # noqa: S608
        steps.append(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM kept."{table}"')  # noqa: S608
    return steps


def kind_of(name: str) -> SQLite | Postgres:
    """The kind of databases that this run uses."""
    return SQLite() if name == "sqlite" else Postgres()


def sweep(name: str) -> None:
    """At the end of the run: nothing is left behind."""
    if name == "postgres" and POSTGRES:
        Postgres().drop(DEMO)
    shutil.rmtree(workshop(), ignore_errors=True)


@contextmanager
def alone(purpose: str) -> Iterator[None]:
    """One process of the run at a time."""
    with (workshop() / f"{purpose}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(url: str, files: Path) -> Portal:
    """An application on a database; all of a run share what they have compiled of the templates."""
    app = create_app(Config(env="development", secret_key="test " * 10, database_url=url, data_dir=str(files)))
    app.config["TESTING"] = True
    compiled = workshop() / "templates"
    compiled.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    return app


@contextmanager
def application(url: str, files: Path) -> Iterator[Portal]:
    """An application of its own on a database, in its context."""
    memory.forget()
    app = build(url, files)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    memory.forget()


@contextmanager
def demo(kind: SQLite | Postgres) -> Iterator[Portal]:
    """The made-up community on migrated tables, in a copy of the database that the run has loaded once."""
    name, files = f"portal_test_{secrets.token_hex(6)}", workshop() / f"demo-{secrets.token_hex(6)}"
    with alone(DEMO):
        original = workshop() / "demo"
        if not original.exists():
            _load(kind, workshop() / "demo-begun")
            (workshop() / "demo-begun").rename(original)
        kind.create(name, like=DEMO)
        shutil.copytree(original, files)
    try:
        with application(kind.url(name), files) as app:
            yield app
    finally:
        kind.drop(name)
        shutil.rmtree(files)


def _load(kind: SQLite | Postgres, files: Path) -> None:
    from portal.demo import load

    shutil.rmtree(files, ignore_errors=True)
    kind.drop(DEMO)
    kind.create(DEMO)
    with application(kind.url(DEMO), files):
        flask_migrate.upgrade()
        began = clock.now()
        with time_machine.travel(began, tick=False):  # what the community did lately hangs on the moment
            load.load()
        (files / BEGAN).write_text(began.isoformat())
        ensure_legal_texts(by=system_viewer())
        db.session.commit()
