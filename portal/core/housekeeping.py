"""What the house does by the clock for itself: it forgets old keys and places, and lets SQLite count its rows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text, update

from portal.core import clock, once
from portal.core.audit import AuditRow
from portal.core.db import db, is_sqlite
from portal.core.jobs import periodic

if TYPE_CHECKING:
    from flask import Flask

KEYS_KEPT = timedelta(days=30)
PLACES_KEPT = timedelta(days=90)
COUNTED = 1000  # entries of an index that SQLite looks at; all of them would hold the write lock longer


def init(_app: Flask) -> None:
    """The jobs below are known by being imported."""


@periodic("core.forget", every=timedelta(days=1))
def forget() -> None:
    """Forget old one-time keys; blank the network addresses in old audit rows."""
    once.clean(KEYS_KEPT)
    old = (AuditRow.at < clock.now() - PLACES_KEPT, AuditRow.address != "")
    db.session.execute(update(AuditRow).where(*old).values(address=""))


@periodic("core.count_rows", every=timedelta(hours=1))
def count_rows() -> None:
    """Let SQLite know how much there is of everything, or it reads tables where an index would do; PostgreSQL looks by itself."""
    if is_sqlite():
        db.session.execute(text(f"PRAGMA analysis_limit = {COUNTED}"))
        db.session.execute(text("ANALYZE"))
