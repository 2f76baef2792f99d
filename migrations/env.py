"""Alembic's environment: one linear history for both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic import context
from flask import current_app

if TYPE_CHECKING:
    from sqlalchemy import Connection

migrate = current_app.extensions["migrate"]
target = migrate.db


def run() -> None:
    """Migrate the application's own database."""
    engine = target.engine
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _run_sqlite(connection)
        else:
            _configure(connection)
            with context.begin_transaction():
                context.run_migrations()


def _configure(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=target.metadata, transactional_ddl=True, **migrate.configure_args
    )


def _run_sqlite(connection: Connection) -> None:
    """SQLite rebuilds a table to change it: with foreign keys on, that would delete the rows that hang on it."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    _configure(connection)
    try:
        with context.begin_transaction():
            context.run_migrations()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows without what they hang on: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


run()
