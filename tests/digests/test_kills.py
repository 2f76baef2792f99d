"""Workers that are killed in the middle of the week's letters."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from portal.core import clock, settings
from portal.core.db import db, unit_of_work
from portal.digests.jobs import write_letters

if TYPE_CHECKING:
    from tests.factories import Make
    from tests.postbox import Postbox


@pytest.fixture(autouse=True)
def tuesday() -> None:
    """The workers' clock is the real one, so ours is too."""


def test_killed_workers_write_each_letter_once(reader: Any, make: Make, outbox: Postbox) -> None:
    """T2: kill -9 in the middle, again and again; the next one goes on, nobody is left out, nobody gets two."""
    make.topic(author=make.member(relation="customer:former"), title="Night trains", replies=1)
    members = [reader().id for _ in range(40)]  # more than a fast machine writes before two are killed
    settings.set_value("letter_weekday", clock.today().isoweekday(), by=make.system)
    settings.set_value("letter_hour", 0, by=make.system)
    db.session.commit()
    db.session.remove()
    killed = sum(not _work(pause=0.02 * number) for number in range(8))
    assert killed >= 2
    assert sorted(mail.person_id or 0 for mail in outbox.mails()) == sorted(members)


def _work(pause: float) -> bool:
    """Let a worker of our own begin, and kill it a little later, or once it has kept a step; true when it was done."""
    heard, said = os.pipe()
    worker = os.fork()
    if worker == 0:
        _be_worker(said)
    os.close(said)
    os.read(heard, 1)
    time.sleep(pause)
    os.kill(worker, signal.SIGKILL)
    os.close(heard)
    return os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 0


def _be_worker(said: int) -> None:
    """In the forked process: connections of its own, a word after each step, and never back into the tests."""
    try:
        db.engine.dispose(close=False)
        work, over = write_letters(), False
        while not over:
            with unit_of_work():
                over = next(work, "over") == "over"
            os.write(said, b".")
        os._exit(0)
    finally:
        os._exit(1)
