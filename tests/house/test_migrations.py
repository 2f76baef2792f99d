"""Migrations: one linear history, up, equal to the models, down and up again on filled tables, on this run's database."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from portal.core.db import db, is_sqlite
from tests import databases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.core.application import Portal
    from tests.databases import Postgres, SQLite


@pytest.fixture
def migrated(database: SQLite | Postgres, tmp_path: Path) -> Iterator[Portal]:
    """An application on an empty database of its own, migrated to the newest."""
    name = f"portal_migrated_{secrets.token_hex(5)}"
    database.create(name)
    with databases.application(database.url(name), tmp_path) as app:
        flask_migrate.upgrade()
        yield app
    database.drop(name)


@pytest.fixture
def demo_house(database: SQLite | Postgres) -> Iterator[Portal]:
    """An application with the made-up community, on a database that migrations made."""
    with databases.demo(database) as app:
        yield app


def test_the_history_is_one_line(app: Portal) -> None:
    scripts = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
    assert len(scripts.get_heads()) == 1
    assert all(isinstance(script.down_revision, str | None) for script in scripts.walk_revisions())


def test_what_migrations_make_equals_the_models(migrated: Portal) -> None:
    flask_migrate.check()


def test_what_migrations_make_equals_what_the_tests_run_on(migrated: Portal, database_url: str, app: Portal) -> None:
    """The search tables, which Alembic does not compare, are the same too."""
    with migrated.app_context():
        made = _tables()
    with app.app_context():
        assert _tables() == made


def _tables() -> set[str]:
    """The tables, and on SQLite how its search tables are made."""
    found = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    if not is_sqlite():
        return found
    made = db.session.scalars(text("SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"))
    return found | {sql.replace('"', "") for sql in made}


def test_down_and_up_again_on_filled_tables(demo_house: Portal) -> None:
    people = db.session.execute(text("SELECT count(*) FROM person")).scalar_one()
    called = text("SELECT text, folded FROM person_term WHERE source = 'name' AND text LIKE '% / %' ORDER BY id")
    names = db.session.execute(called).all()
    assert names
    db.session.remove()
    flask_migrate.downgrade(revision="0001")
    assert db.session.execute(text("SELECT count(*) FROM person")).scalar_one() == people
    assert not db.session.execute(called).all()
    db.session.remove()
    flask_migrate.upgrade()
    assert db.session.execute(called).all() == names
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    flask_migrate.upgrade()
    flask_migrate.check()
