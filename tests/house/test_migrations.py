"""Migrations: one linear history, up, equal to the models, down and up again on filled tables, on this run's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from portal.app import create_app
from portal.config import Config
from portal.core.db import db

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.core.application import Portal


@pytest.fixture
def migrated(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Portal]:
    """An application on an empty database of its own, migrated to the newest."""
    import os
    import secrets

    url, server = f"sqlite:///{tmp_path / 'migrated.sqlite'}", None
    name = f"portal_migrated_{secrets.token_hex(5)}"
    if request.config.getoption("--database") == "postgres":
        server = create_engine(os.environ["PORTAL_TEST_POSTGRES"], isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        url = server.url.set(database=name).render_as_string(hide_password=False)
    app = create_app(Config(secret_key="test " * 10, database_url=url, data_dir=str(tmp_path)))
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()
    if server is not None:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


def test_the_history_is_one_line(app: Portal) -> None:
    scripts = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
    assert len(scripts.get_heads()) == 1
    assert all(isinstance(script.down_revision, str | None) for script in scripts.walk_revisions())


def test_what_migrations_make_equals_the_models(migrated: Portal) -> None:
    flask_migrate.check()


def test_what_migrations_make_equals_what_the_tests_run_on(migrated: Portal, database_url: str, app: Portal) -> None:
    """The search tables, which Alembic does not compare, are the same too."""
    with migrated.app_context():
        made = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    with app.app_context():
        used = set(inspect(db.engine).get_table_names())
    assert made == used


def test_down_and_up_again_on_filled_tables(migrated: Portal) -> None:
    from portal.demo.load import load

    load()
    db.session.commit()
    people = db.session.execute(text("SELECT count(*) FROM person")).scalar_one()
    db.session.remove()
    flask_migrate.downgrade(revision="0001")
    assert db.session.execute(text("SELECT count(*) FROM person")).scalar_one() == people
    db.session.remove()
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    flask_migrate.upgrade()
    flask_migrate.check()
