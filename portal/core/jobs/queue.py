"""The queue in the database: put in by whoever has work, taken out by one worker at a time under a lease (K9)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import String, bindparam, case, func, insert, or_, select, update

from portal.core import clock
from portal.core.db import db, prepared, upsert
from portal.core.jobs.kinds import LATER, GiveUp, Kind, Postpone, kind_of, kinds
from portal.core.jobs.tables import DONE, FAILED, QUEUED, RUNNING, Job
from portal.core.sets import is_one_of, several

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Table, Update
    from sqlalchemy.orm import scoped_session
    from sqlalchemy.sql.dml import ReturningUpdate

TABLE: Table = Job.__table__  # type: ignore[assignment]
J = TABLE.c
LEASE_SECONDS = 60
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
NEW_ROW = (
    "name",
    "args",
    "state",
    "priority",
    "run_at",
    "attempts",
    "max_attempts",
    "unique_key",
    "last_error",
    "created_at",
)
AT_REST: dict[str, Any] = {"lease_token": None, "lease_until": None}


class LeaseLost(Exception):
    """Another worker has this job now; nothing that this one did may be kept."""


@dataclass(frozen=True, slots=True)
class Task:
    """A job that this worker holds."""

    id: int
    kind: Kind
    args: list[Any]
    attempts: int
    max_attempts: int
    token: str


def enqueue(
    work: Callable[..., Any],
    *args: Any,
    run_at: datetime | None = None,
    unique: str | None = None,
    priority: int | None = None,
) -> int:
    """Queue a job in the caller's transaction; `unique` keeps one waiting job of that key, at the earlier time."""
    row = new_row(kind_of(work), list(args), unique)
    if run_at is not None:
        row["run_at"] = run_at
    if priority is not None:
        row["priority"] = priority
    job_id: int = db.session.execute(_queue(), row | {"earliest": row["run_at"]}).scalar_one()
    if run_at is None:
        db.session.info["job_waits"] = True
    return job_id


@prepared
def _queue() -> Any:
    # Updating instead of ignoring also locks the waiting row: it isn't begun before this transaction can be seen.
    earliest = bindparam("earliest", type_=MOMENT)
    earlier = case((J.run_at > earliest, earliest), else_=J.run_at)
    row = {name: bindparam(name, type_=J[name].type) for name in NEW_ROW}
    return upsert(TABLE, row, keys=["unique_key"], update={"run_at": earlier}).returning(J.id)


def enqueue_many(work: Callable[..., Any], args: Sequence[Sequence[Any]], *, priority: int | None = None) -> None:
    """Queue the same work many times in the caller's transaction, in one statement."""
    kind = kind_of(work)
    more = {} if priority is None else {"priority": priority}
    if args:
        db.session.execute(insert(TABLE), [new_row(kind, list(each)) | more for each in args])
        db.session.info["job_waits"] = True


def new_row(kind: Kind, args: list[Any], unique: str | None = None) -> dict[str, Any]:
    """A fresh job as its columns."""
    now = clock.now()
    return {
        "name": kind.name, "args": args, "state": QUEUED, "priority": kind.priority, "run_at": now, "attempts": 0,
        "max_attempts": kind.attempts, "unique_key": unique, "last_error": "", "created_at": now,
    }  # fmt: skip


def lease() -> timedelta:
    """How long a worker may be silent before its job is given to another one."""
    return timedelta(seconds=current_app.config.get("JOB_LEASE_SECONDS", LEASE_SECONDS))


def claim(*, quick: bool = False) -> Task | None:
    """Take the most urgent due job, in a transaction of its own; `quick` leaves out long work."""
    with db.engine.begin() as connection:
        task = _take(connection, quick)
        if task is None and connection.execute(RELEASE, _now()).rowcount:
            task = _take(connection, quick)
    return task


def claim_next(*, quick: bool = False) -> Task | None:
    """Take the next job in the very transaction that finishes one: a mail then costs two commits instead of three."""
    return _take(db.session, quick)


def release_silent() -> None:
    """Jobs whose worker fell silent wait again; after the last try they are dead."""
    with db.engine.begin() as connection:
        connection.execute(RELEASE, _now())


def _take(connection: Connection | scoped_session[Any], quick: bool) -> Task | None:
    token = secrets.token_urlsafe(24)
    row = connection.execute(QUICK if quick else ANY, _now() | {"holder": token, "known": list(kinds)}).first()
    return Task(row.id, kinds[row.name], row.args, row.attempts, row.max_attempts, token) if row else None


def _now() -> dict[str, Any]:
    # A lease that ends far ahead was given before the clock was set back.
    now = clock.now()
    return {"at": now, "until": now + lease(), "far": now + 10 * lease()}


def _taking(*, quick: bool) -> ReturningUpdate[Any]:
    """The statement that takes a job; SQLite ignores the lock clause, there the whole transaction is alone."""
    due = select(J.id).where(J.state == QUEUED, J.run_at <= AT, is_one_of(J.name, several("known", String)))
    if quick:
        due = due.where(J.priority < LATER)
    first = due.order_by(J.priority, J.run_at, J.id).limit(1).with_for_update(skip_locked=True)
    taken = update(TABLE).where(J.id == first.scalar_subquery()).values(
        state=RUNNING, attempts=J.attempts + 1, lease_until=UNTIL, lease_token=bindparam("holder"), unique_key=None,
    )  # fmt: skip
    return taken.returning(J.id, J.name, J.args, J.attempts, J.max_attempts)


def _releasing() -> Update:
    lost = select(J.id).where(
        J.state == RUNNING, or_(J.lease_until < AT, J.lease_until > bindparam("far", type_=MOMENT))
    )
    spent = J.attempts >= J.max_attempts
    said = "The worker stopped in the middle of it."
    return update(TABLE).where(J.id.in_(lost.with_for_update(skip_locked=True))).values(
        state=case((spent, FAILED), else_=QUEUED), finished_at=case((spent, AT)), last_error=said, **AT_REST
    )  # fmt: skip


def renew(task: Task) -> None:
    """Say that the worker is alive, in a transaction of its own."""
    with db.engine.begin() as connection:
        connection.execute(KEEP, _now() | _held(task) | {"percent": None})


def keep(task: Task, progress: Any) -> None:
    """Note the progress in the job's own transaction: what it did is kept only while the job is this worker's."""
    _settle(task, KEEP, percent=progress if isinstance(progress, int) else None)


def finish(task: Task) -> None:
    """Note in the job's own transaction that it is done: the work and this note are kept together or not at all."""
    _settle(task, FINISH)


def put_back(task: Task, error: Exception) -> bool:
    """Note the failure in a transaction of its own, for another try later or for good; True when it is for good."""
    values = {"state": QUEUED, "last_error": f"{type(error).__name__}: {error}"[:1000], **AT_REST}
    given_up = isinstance(error, GiveUp) or task.attempts >= task.max_attempts
    if isinstance(error, Postpone):
        given_up = False
        values |= {"run_at": error.until, "attempts": task.attempts - 1}
    elif given_up:
        values |= {"state": FAILED, "finished_at": clock.now()}
    else:
        values["run_at"] = clock.now() + wait_after(task.attempts)
    with db.engine.begin() as connection:
        connection.execute(MINE.values(**values), _held(task))
    return given_up


def wait_after(attempts: int) -> timedelta:
    """Twice as long after each try, up to ten minutes, spread so that many don't come back at once."""
    full = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 12))
    return timedelta(seconds=full.total_seconds() * (0.5 + secrets.randbelow(1000) / 2000))


def _settle(task: Task, statement: ReturningUpdate[Any], **more: Any) -> None:
    if db.session.execute(statement, _now() | _held(task) | more).first() is None:
        raise LeaseLost(f"Job {task.id} ({task.kind.name}) was given to another worker.")


def _held(task: Task) -> dict[str, Any]:
    return {"which": task.id, "holder": task.token}


# Built once: putting a statement together anew for each job costs as much as executing it.
MOMENT = J.run_at.type
AT, UNTIL = bindparam("at", type_=MOMENT), bindparam("until", type_=MOMENT)
MINE = update(TABLE).where(J.id == bindparam("which"), J.lease_token == bindparam("holder"), J.state == RUNNING)
PERCENT = func.coalesce(bindparam("percent", type_=J.progress.type), J.progress)
KEEP = MINE.values(lease_until=UNTIL, progress=PERCENT).returning(J.id)
FINISH = MINE.values(state=DONE, finished_at=AT, last_error="", **AT_REST).returning(J.id)
ANY, QUICK, RELEASE = _taking(quick=False), _taking(quick=True), _releasing()
