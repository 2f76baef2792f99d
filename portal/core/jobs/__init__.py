"""Work for later: a row in the caller's transaction, done at least once by a worker, given up visibly or not at all.

A job's function must be idempotent: after a crash it runs again. It may be a generator: each `yield` keeps what was
done so far (and a progress in percent, when it yields one), and no transaction is open when it goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.jobs import bell
from portal.core.jobs.kinds import LATER, NORMAL, SOON, GiveUp, Postpone, job, periodic
from portal.core.jobs.overview import Health, clean, dead, forget_words, health, progress_of, retry_dead
from portal.core.jobs.queue import enqueue, enqueue_many
from portal.core.jobs.run import run_due, when_idle
from portal.core.jobs.tables import Job, PeriodicJob
from portal.core.jobs.worker import run_worker

if TYPE_CHECKING:
    from flask import Flask

__all__ = [
    "LATER", "NORMAL", "SOON", "GiveUp", "Health", "Job", "PeriodicJob", "Postpone", "clean", "dead", "enqueue", "enqueue_many",
    "forget_words", "health", "init", "job", "periodic", "progress_of", "retry_dead", "run_due", "run_worker",
    "when_idle",
]  # fmt: skip


def init(app: Flask) -> None:
    """Let workers be woken at once when Redis is configured; otherwise they look every second."""
    bell.init(app)
