"""The database as one file and back: SQLite by VACUUM INTO, PostgreSQL by its own programs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text

from portal.core.db import db, is_sqlite


class BackupError(Exception):
    """A backup can't be made or restored like this; the message is one sentence that says what to do."""


def revision() -> str:
    """The migration that the database is at; empty when it has none."""
    with db.reading_engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def tables() -> list[str]:
    """The names of all tables that are there."""
    with db.reading_engine.connect() as connection:
        return inspect(connection).get_table_names()


def dump(target: Path) -> Path:
    """Copy the database as of this moment into a file."""
    if is_sqlite():
        with closing(sqlite3.connect(str(db.engine.url.database), timeout=15)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))  # a copy of the live file would miss what is in the log
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    return target


def load(copy: Path) -> None:
    """Put a copy in the place of the database."""
    if is_sqlite():
        _load_sqlite(copy)
    else:
        _load_postgres(copy)


def _load_sqlite(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError("The database in this backup is damaged. Use another one.")
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    place = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    for log in ("-wal", "-shm"):
        place.with_name(place.name + log).unlink(missing_ok=True)
    copy.replace(place)


def _load_postgres(copy: Path) -> None:
    """Everything in one transaction: if anything fails, what was there before stays."""
    clear, fill = copy.with_name("clear.sql"), copy.with_name("fill.sql")
    clear.write_text("".join(f'DROP TABLE IF EXISTS "{name}" CASCADE;\n' for name in tables()))
    _call(["pg_restore", "--no-owner", "--no-privileges", f"--file={fill}", str(copy)])
    db.session.remove()
    db.engine.dispose()
    options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    _run("psql", *options, f"--file={clear}", f"--file={fill}")


def _run(program: str, *arguments: str) -> None:
    """A PostgreSQL program on our database; the password goes by the environment, where no other user sees it."""
    url = db.engine.url
    address = url.set(drivername="postgresql", password=None).render_as_string()
    _call([program, *arguments, f"--dbname={address}"], {"PGPASSWORD": url.password} if url.password else {})


def _call(command: list[str], secret: dict[str, Any] | None = None) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise BackupError(f"{command[0]} is not installed here (Debian: apt-get install postgresql-client).")
    environment = {**os.environ, **(secret or {})}
    done = subprocess.run([program, *command[1:]], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{command[0]} failed: {done.stderr.strip()[-500:]}")
