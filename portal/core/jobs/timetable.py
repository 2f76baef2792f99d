"""Recurring jobs: whoever moves the date forward queues the job, so it runs once for all workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db, upsert
from portal.core.jobs.kinds import kinds, recurring
from portal.core.jobs.queue import TABLE as JOBS
from portal.core.jobs.queue import new_row
from portal.core.jobs.tables import PeriodicJob

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection, Table

TABLE: Table = PeriodicJob.__table__  # type: ignore[assignment]
P = TABLE.c


def tick() -> None:
    """Queue the recurring jobs that are due."""
    with db.reading_engine.connect() as connection:
        known: dict[str, datetime] = {row.name: row.next_at for row in connection.execute(select(P.name, P.next_at))}
    now = clock.now()
    for name, every in recurring.items():
        if name not in known or not now < known[name] <= now + every:
            with db.engine.begin() as connection:
                _move(connection, name, known.get(name), every)


def _move(connection: Connection, name: str, before: datetime | None, every: timedelta) -> None:
    """Set the next date; the job is queued by the one process that moved a date that had come."""
    now = clock.now()
    if before is None:
        connection.execute(upsert(TABLE, {"name": name, "next_at": now + every}, keys=["name"]))
        return
    due = before <= now
    moved = update(TABLE).where(P.name == name, P.next_at == before).values(next_at=_next(before, now, every))
    if due:
        moved = moved.values(last_at=now)
    if connection.execute(moved.returning(P.name)).first() is not None and due:
        _queue(connection, name)


def _next(before: datetime, now: datetime, every: timedelta) -> datetime:
    """One interval on; from now, when that has passed too or when the clock was set back and it lies too far ahead."""
    planned = before + every
    return planned if before <= now < planned else now + every


def _queue(connection: Connection, name: str) -> None:
    # Does nothing when the last one hasn't even begun: then the workers are behind.
    row = new_row(kinds[name], [], unique=f"periodic:{name}")
    connection.execute(upsert(JOBS, row, keys=["unique_key"]))
