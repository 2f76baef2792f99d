"""The worker: takes jobs until it is told to stop, then finishes what it has begun."""

from __future__ import annotations

import signal
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from portal.core.jobs import bell, queue
from portal.core.jobs.run import be_idle, perform
from portal.core.jobs.timetable import tick
from portal.core.logs import log

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

SICK_WAIT = 5.0  # seconds until the next look after the database failed
TICK_SECONDS = 5.0


def run_worker(app: Flask, *, poll: float = 1.0, threads: int = 2, stop: threading.Event | None = None) -> None:
    """Work until SIGTERM or SIGINT, then drain: jobs that were begun are finished, long ones are put back at a step."""
    stop = stop or threading.Event()
    _obey_signals(stop)
    # With two threads or more, the first takes no long work: mail never waits behind an import.
    lanes = [
        threading.Thread(target=_lane, args=(app, stop, poll, number == 0 and threads > 1), name=f"worker-{number}")
        for number in range(threads)
    ]
    log.info("worker starts", threads=threads)
    for lane in lanes:
        lane.start()
    while not stop.is_set():
        _guarded(app, stop, tick)
        _guarded(app, stop, queue.release_silent)
        stop.wait(min(TICK_SECONDS, 5 * poll))
    for lane in lanes:
        lane.join()
    log.info("worker stops")


def _obey_signals(stop: threading.Event) -> None:
    if threading.current_thread() is not threading.main_thread():
        return

    def drain(number: int, _frame: Any) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)  # a second signal ends it at once; leases bring the jobs back

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, drain)


def _lane(app: Flask, stop: threading.Event, poll: float, quick: bool) -> None:
    while not stop.is_set():
        if not _guarded(app, stop, lambda: _some(app, stop, quick)):
            bell.wait(app, stop, poll)


def _some(app: Flask, stop: threading.Event, quick: bool) -> bool:
    """Do a job and those that follow it, until nothing is due; whether there was any."""
    task = queue.claim(quick=quick)
    if task is None:
        be_idle()
        return False
    while task is not None:
        task = perform(app, task, stop.is_set, partial(queue.claim_next, quick=quick)).then
    return True


def _guarded(app: Flask, stop: threading.Event, act: Callable[[], Any]) -> Any:
    """Do it in an application context; a database that is away is waited for, never a reason to die."""
    try:
        with app.app_context():
            return act()
    except Exception:  # noqa: BLE001 - the worker outlives whatever happens to the database
        log.exception("worker in trouble")
        stop.wait(SICK_WAIT)
        return None
