"""What SQLite's connections need beside an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000", "cache_size=-16000")
READS = {"portal_reading": True}  # execution options of the engine that begins nothing


def prepare(dbapi: Any, _record: Any) -> None:
    """Nothing acknowledged is lost, foreign keys hold, and writers wait for each other."""
    dbapi.isolation_level = None  # the driver's own BEGIN is deferred and loses updates
    cursor = dbapi.cursor()
    for pragma in PRAGMAS:
        cursor.execute("PRAGMA " + pragma)
    cursor.close()


def begin(connection: Connection) -> None:
    """Take the one write lock at once, unless it only reads."""
    if not connection.get_execution_options().get("portal_reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
