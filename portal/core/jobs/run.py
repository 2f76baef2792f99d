"""The edge of the jobs: one unit of work per job, or per step of a long one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.core import stamps
from portal.core.clock import now
from portal.core.db import is_sqlite, unit_of_work
from portal.core.jobs import queue
from portal.core.jobs.kinds import LATER, Postpone
from portal.core.logs import log

if TYPE_CHECKING:
    from flask import Flask

    from portal.core.jobs.queue import Task

OVER = object()
BREATH = 0.05  # seconds between the steps of long work, in which others get SQLite's one write lock
_idle: list[Callable[[], None]] = []


def when_idle(rest: Callable[[], None]) -> Callable[[], None]:
    """Register what a worker's thread does when nothing is due: let go of what it kept open."""
    _idle.append(rest)
    return rest


def be_idle() -> None:
    """Nothing is due now."""
    for rest in _idle:
        rest()


def run_due(limit: int = 1000, *, strict: bool = False) -> int:
    """Do what is due in this process, for tests and commands; commits first what the caller has made.

    Returns how many jobs ran. With `strict` the first failure is raised once it has been noted.
    """
    with unit_of_work():
        pass
    done, task = 0, queue.claim() if limit else None
    while task is not None:
        done += 1
        more = done < limit
        over = perform(_app(), task, follow=queue.claim_next if more else None)
        if strict and over.error is not None and not isinstance(over.error, Postpone):
            raise over.error
        task = over.then or (queue.claim() if more else None)
    be_idle()
    return done


@dataclass(frozen=True, slots=True)
class Over:
    """How a job ended: what it failed of, or the job that was taken as it was finished."""

    error: Exception | None = None
    then: Task | None = None


def perform(
    app: Flask,
    task: Task,
    stopping: Callable[[], bool] = lambda: False,
    follow: Callable[[], Task | None] | None = None,
) -> Over:
    """Do one job; a failure is noted for another try. `follow` takes the next one as this one is finished."""
    try:
        with app.app_context(), Heartbeat(app, task):
            return Over(then=_steps(task, stopping, follow))
    except queue.LeaseLost as lost:
        log.warning("job lost", job=task.kind.name, id=task.id, reason=str(lost))
        return Over(lost)
    except Exception as error:  # noqa: BLE001 - whatever a job raises is its failure, never the worker's
        with app.app_context():
            _note(task, error)
        return Over(error)


def _steps(task: Task, stopping: Callable[[], bool], follow: Callable[[], Task | None] | None) -> Task | None:
    work = _work(task)
    while True:
        with unit_of_work():
            stamps.forget()
            progress = next(work, OVER)
            if progress is OVER:
                queue.finish(task)
                then = None if follow is None or stopping() else follow()
                break
            queue.keep(task, progress)
        if task.kind.priority >= LATER:
            if stopping():
                raise Postpone(now())
            if is_sqlite():
                time.sleep(BREATH)
    return then


def _work(task: Task) -> Iterator[Any]:
    """The job as a generator, whether it is written as one or not; nothing runs before the first step."""
    result = task.kind.work(*task.args)
    if isinstance(result, Iterator):
        yield from result


def _note(task: Task, error: Exception) -> None:
    given_up = queue.put_back(task, error)
    if isinstance(error, Postpone):
        return
    write = log.error if given_up else log.warning
    said = "job given up" if given_up else "job failed"
    write(said, job=task.kind.name, id=task.id, attempt=task.attempts, exc_info=error)


class Heartbeat:
    """Renews the lease while the job runs, from a thread of its own; not longer than the job's kind allows."""

    def __init__(self, app: Flask, task: Task) -> None:
        self._app, self._task = app, task
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{task.id}", daemon=True)

    def __enter__(self) -> None:
        self._pause = queue.lease().total_seconds() / 3
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        end = time.monotonic() + self._task.kind.longest.total_seconds()
        while not self._over.wait(self._pause) and time.monotonic() < end:
            try:
                with self._app.app_context():
                    queue.renew(self._task)
            except SQLAlchemyError as error:
                # The job itself may hold SQLite's one write lock; then nobody else can claim it either.
                log.warning("heartbeat missed", job=self._task.kind.name, id=self._task.id, error=type(error).__name__)


def _app() -> Flask:
    return cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
