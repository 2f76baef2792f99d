"""What people and pages may know of the queue: how it is doing, what was given up, how far a job is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Text, and_, cast, delete, func, select, update

from portal.core import clock
from portal.core.db import db, scalars
from portal.core.errors import Missing
from portal.core.jobs.kinds import periodic
from portal.core.jobs.tables import DONE, FAILED, QUEUED, RUNNING, Job

if TYPE_CHECKING:
    from collections.abc import Collection

DONE_KEPT, FAILED_KEPT = timedelta(days=3), timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Health:
    """How the queue is doing; `oldest_wait` is how long the oldest due job has been waiting."""

    waiting: int
    running: int
    dead: int
    oldest_wait: timedelta


def health() -> Health:
    """Numbers for doctor and the admin's page."""
    now = clock.now()
    counts = [func.count().filter(Job.state == state) for state in (QUEUED, RUNNING, FAILED)]
    oldest_due = func.min(Job.run_at).filter(and_(Job.state == QUEUED, Job.run_at <= now))
    numbers = select(*counts, oldest_due).where(Job.state.in_([QUEUED, RUNNING, FAILED]))
    waiting, running, failed, oldest = tuple(db.session.execute(numbers).one())
    return Health(waiting, running, failed, now - oldest if oldest else timedelta(0))


def dead(limit: int = 100) -> list[Job]:
    """The jobs that were given up, newest first."""
    return scalars(select(Job).where(Job.state == FAILED).order_by(Job.id.desc()).limit(limit))


def retry_dead(job_id: int) -> None:
    """Try a job that was given up once more, with all its tries."""
    again = {"state": QUEUED, "attempts": 0, "run_at": clock.now(), "finished_at": None}
    statement = update(Job).where(Job.id == job_id, Job.state == FAILED).values(**again).returning(Job.id)
    if db.session.execute(statement).first() is None:
        raise Missing("That job is not among those that were given up.")


def progress_of(job_id: int) -> tuple[str, int | None]:
    """State and progress in percent of a job, for the page that waits for it."""
    row = db.session.execute(select(Job.state, Job.progress).where(Job.id == job_id)).first()
    if row is None:
        raise Missing("There is no such job any more.")
    return row.state, row.progress


def forget_words(words: Collection[str]) -> None:
    """Jobs whose arguments or errors hold these words (an address, an id) are not kept, whatever became of them."""
    for each in filter(None, words):
        held = cast(Job.args, Text).contains(json.dumps(each)[1:-1], autoescape=True)
        db.session.execute(delete(Job).where(Job.state != RUNNING, held))
        said = update(Job).where(Job.last_error.contains(each, autoescape=True))
        db.session.execute(said.values(last_error="forgotten"))


@periodic("core.clean_jobs", every=timedelta(hours=1))
def clean() -> None:
    """Forget what was done some days ago, and in the end what was given up."""
    for state, kept in ((DONE, DONE_KEPT), (FAILED, FAILED_KEPT)):
        db.session.execute(delete(Job).where(Job.state == state, Job.finished_at < clock.now() - kept))
