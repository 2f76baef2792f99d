"""What members had chosen before there were three choices is kept by the migration, both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask_migrate
from sqlalchemy import text

from portal.core.db import db
from tests.house.test_migrations import migrated

if TYPE_CHECKING:
    from portal.core.application import Portal

__all__ = ["migrated"]


def test_yes_means_soon_and_no_means_no_mail(migrated: Portal) -> None:
    flask_migrate.downgrade(revision="0002")
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO person (id, public_id, full_name, call_name, sort_name, listed, access_version, timezone, theme,"
                " shortcuts, is_system, created_at) VALUES (1, 'p', 'Ada', 'Ada', 'ada', true, 0, 'UTC', 'auto', true, false,"
                " '2026-01-01 00:00:00')"
            )
        )
        rows = ", ".join(f"(1, '{kind}', {by_mail}, '2026-01-01 00:00:00')" for kind, by_mail in CHOSEN)
        connection.execute(
            text(f"INSERT INTO notification_preference (person_id, kind, by_mail, changed_at) VALUES {rows}")  # noqa: S608
        )
    db.session.remove()
    flask_migrate.upgrade()
    assert _read("choice") == [("mention", "off"), ("reply", "now")]
    db.session.remove()
    flask_migrate.downgrade(revision="0002")
    assert _read("by_mail") == [("mention", False), ("reply", True)]


CHOSEN = (("reply", "true"), ("mention", "false"))


def _read(column: str) -> list[tuple[str, object]]:
    found = db.session.execute(text(f"SELECT kind, {column} FROM notification_preference ORDER BY kind"))  # noqa: S608
    return [(row[0], bool(row[1]) if column == "by_mail" else row[1]) for row in found]
