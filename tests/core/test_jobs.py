"""Work for later."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.core import clock, jobs
from portal.core.db import db, unit_of_work
from portal.core.errors import Missing
from portal.core.jobs import Job, queue
from portal.core.jobs.kinds import kinds, recurring
from portal.core.jobs.run import perform
from portal.core.jobs.timetable import tick
from tests.core import sample_jobs
from tests.core.conftest import until
from tests.core.sample_jobs import THINGS

Lines = Callable[[], list[str]]
Worker = Callable[..., subprocess.Popen[bytes]]


def enqueued(work: Callable[..., Any], *args: Any, **options: Any) -> int:
    """Queue and commit."""
    with unit_of_work():
        return jobs.enqueue(work, *args, **options)


def row(job_id: int) -> Any:
    """A job as it is in the database now."""
    with db.reading_engine.connect() as connection:
        return connection.execute(sa.select(Job.__table__).where(Job.__table__.c.id == job_id)).one()


def things() -> list[str]:
    """What the sample jobs made and kept."""
    with db.reading_engine.connect() as connection:
        return list(connection.execute(sa.select(THINGS.c.word).order_by(THINGS.c.id)).scalars())


def state(job_id: int) -> str:
    return str(row(job_id).state)


def test_a_job_is_done_once_and_its_work_is_kept(app: Flask) -> None:
    job_id = enqueued(sample_jobs.note, "tea")
    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    assert (things(), state(job_id)) == (["tea"], "done")


def test_what_is_rolled_back_is_never_done(app: Flask) -> None:
    jobs.enqueue(sample_jobs.note, "tea")
    db.session.rollback()
    assert jobs.run_due() == 0


def test_a_job_waits_for_its_time(app: Flask) -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as time:
        enqueued(sample_jobs.note, "tea", run_at=clock.now() + timedelta(minutes=10))
        assert jobs.run_due() == 0
        time.shift(timedelta(minutes=10))
        assert jobs.run_due() == 1


def test_urgent_work_comes_first(app: Flask, lines: Lines) -> None:
    enqueued(sample_jobs.note, "later", priority=jobs.LATER)
    enqueued(sample_jobs.note, "normal")
    enqueued(sample_jobs.note, "soon", priority=jobs.SOON)
    jobs.run_due()
    assert lines() == ["note soon", "note normal", "note later"]


def test_one_waiting_job_per_unique_key_at_the_earlier_time(app: Flask) -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        later = enqueued(sample_jobs.note, "one", run_at=clock.now() + timedelta(hours=1), unique="recount")
        assert enqueued(sample_jobs.note, "two", unique="recount") == later
        assert jobs.run_due() == 1
        assert things() == ["one"]
        assert enqueued(sample_jobs.note, "three", unique="recount") != later


def test_what_happens_while_a_job_runs_is_queued_again(app: Flask) -> None:
    first = enqueued(sample_jobs.note, "one", unique="recount")
    task = queue.claim()
    assert task is not None
    assert enqueued(sample_jobs.note, "two", unique="recount") != first


def test_a_failure_keeps_nothing_and_is_tried_again_later(app: Flask) -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as time:
        job_id = enqueued(sample_jobs.fail, "tea")
        assert jobs.run_due() == 1
        assert jobs.run_due() == 0, "it waits before the next try"
        assert things() == []
        assert row(job_id).last_error == "ValueError: no tea today"
        time.shift(timedelta(minutes=10))
        assert jobs.run_due() == 1


def test_a_job_that_keeps_failing_becomes_a_dead_letter_that_can_be_tried_again(app: Flask) -> None:
    job_id = enqueued(sample_jobs.fail, "tea")
    with time_machine.travel(clock.now(), tick=False) as time:
        for _ in range(3):
            time.shift(timedelta(minutes=10))
            jobs.run_due()
    assert [(dead.id, dead.attempts) for dead in jobs.dead()] == [(job_id, 3)]
    assert jobs.health().dead == 1
    with unit_of_work():
        jobs.retry_dead(job_id)
    assert (state(job_id), row(job_id).attempts) == ("queued", 0)
    with pytest.raises(Missing):
        jobs.retry_dead(job_id)


def test_giving_up_is_at_once(app: Flask) -> None:
    job_id = enqueued(sample_jobs.hopeless)
    jobs.run_due()
    assert (state(job_id), row(job_id).last_error) == ("failed", "GiveUp: nobody can do this")


def test_strict_work_raises_what_a_job_raised(app: Flask) -> None:
    enqueued(sample_jobs.fail, "tea")
    with pytest.raises(ValueError, match="no tea today"):
        jobs.run_due(strict=True)


def test_waits_grow_to_ten_minutes_and_are_spread() -> None:
    waits = [queue.wait_after(attempt).total_seconds() for attempt in range(1, 60)]
    assert all(2.5 <= wait <= 600 for wait in waits)
    assert min(waits[12:]) >= 300
    assert len(set(waits)) > 50


def test_a_long_job_keeps_each_step_with_its_progress(app: Flask) -> None:
    job_id = enqueued(sample_jobs.steps, 4, 0)
    jobs.run_due()
    assert things() == ["step 0", "step 1", "step 2", "step 3"]
    assert jobs.progress_of(job_id) == ("done", 100)


def test_nothing_is_kept_by_a_worker_whose_job_was_given_away(app: Flask) -> None:
    enqueued(sample_jobs.note, "tea")
    with time_machine.travel(clock.now(), tick=False) as time:
        slow = queue.claim()
        time.shift(timedelta(minutes=5))
        fast = queue.claim()
    assert slow is not None
    assert fast is not None
    assert isinstance(perform(app, slow).error, queue.LeaseLost)
    assert things() == []
    assert perform(app, fast).error is None
    assert things() == ["tea"]


def test_a_job_that_kills_its_worker_again_and_again_is_given_up(app: Flask) -> None:
    job_id = enqueued(sample_jobs.fail, "tea")
    with time_machine.travel(clock.now(), tick=False) as time:
        for _ in range(3):
            assert queue.claim() is not None
            time.shift(timedelta(minutes=5))
        assert queue.claim() is None
    assert (state(job_id), row(job_id).last_error) == ("failed", "The worker stopped in the middle of it.")


def test_the_next_job_is_taken_with_what_finishes_one_and_urgent_ones_still_come_first(
    app: Flask, lines: Lines
) -> None:
    first = enqueued(sample_jobs.note, "one")
    enqueued(sample_jobs.note, "later", priority=jobs.LATER)
    enqueued(sample_jobs.note, "two")
    task = queue.claim(quick=True)
    assert task is not None
    over = perform(app, task, follow=lambda: queue.claim_next(quick=True))
    assert (state(first), over.error) == ("done", None)
    assert over.then is not None
    assert (state(over.then.id), over.then.args) == ("running", ["two"])
    assert perform(app, over.then, follow=lambda: queue.claim_next(quick=True)).then is None, "long work is not for it"


def test_what_is_lost_or_to_stop_takes_no_next_job(app: Flask) -> None:
    enqueued(sample_jobs.fail, "tea")
    second = enqueued(sample_jobs.note, "two")
    task = queue.claim()
    assert task is not None
    assert perform(app, task, follow=queue.claim_next).then is None
    task = queue.claim()
    assert task is not None
    assert task.id == second
    enqueued(sample_jobs.note, "three")
    assert perform(app, task, stopping=lambda: True, follow=queue.claim_next).then is None


def test_a_silent_worker_s_job_waits_again_however_busy_the_others_are(app: Flask) -> None:
    silent = enqueued(sample_jobs.note, "silent")
    assert queue.claim() is not None
    for number in range(3):
        enqueued(sample_jobs.note, str(number))
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        assert queue.claim() is not None
        assert state(silent) == "running", "what is due is not held up by looking for the silent"
        queue.release_silent()
        assert state(silent) == "queued"


def test_a_clock_set_back_holds_no_job_for_a_day(app: Flask) -> None:
    enqueued(sample_jobs.note, "tea")
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert queue.claim() is not None
    assert queue.claim() is not None


def test_a_job_of_a_newer_version_waits_for_a_newer_worker(app: Flask) -> None:
    job_id = enqueued(sample_jobs.note, "tea")
    kept = kinds.pop("tests.note")
    try:
        assert jobs.run_due() == 0
    finally:
        kinds["tests.note"] = kept
    assert state(job_id) == "queued"


def test_two_jobs_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match=r"Two jobs are called tests\.note"):
        jobs.job("tests.note")(lambda: None)


def test_only_jobs_can_be_queued(app: Flask) -> None:
    with pytest.raises(LookupError, match="is no job"):
        jobs.enqueue(print, "hello")


def test_what_was_done_is_forgotten_after_some_days(app: Flask) -> None:
    enqueued(sample_jobs.note, "tea")
    enqueued(sample_jobs.hopeless)
    jobs.run_due()
    with time_machine.travel(clock.now() + timedelta(days=4)), unit_of_work():
        jobs.clean()
    assert [dead.name for dead in jobs.dead()] == ["tests.hopeless"]
    with db.reading_engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(Job.__table__)).scalar_one() == 1


def test_health_tells_how_long_the_oldest_has_waited(app: Flask) -> None:
    enqueued(sample_jobs.note, "tea")
    enqueued(sample_jobs.note, "cake", run_at=clock.now() + timedelta(days=1))
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        found = jobs.health()
    assert (found.waiting, found.running, found.dead) == (2, 0, 0)
    assert timedelta(minutes=19) < found.oldest_wait < timedelta(minutes=21)


class TestPeriodic:
    """Recurring jobs."""

    @pytest.fixture(autouse=True)
    def hourly(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One recurring job alone."""
        monkeypatch.setattr("portal.core.jobs.timetable.recurring", {"tests.hourly": timedelta(hours=1)})
        monkeypatch.setitem(kinds, "tests.hourly", kinds["tests.note"])

    def waiting(self) -> int:
        with db.reading_engine.connect() as connection:
            return len(connection.execute(sa.select(Job.__table__.c.id).where(Job.__table__.c.state == "queued")).all())

    def clear(self) -> None:
        with db.engine.begin() as connection:
            connection.execute(sa.delete(Job))

    def test_it_runs_for_the_first_time_after_one_interval(self, app: Flask) -> None:
        with time_machine.travel(clock.now(), tick=False) as time:
            tick()
            assert self.waiting() == 0
            time.shift(timedelta(hours=1))
            tick()
            tick()
            assert self.waiting() == 1

    def test_a_long_pause_is_made_up_once(self, app: Flask) -> None:
        with time_machine.travel(clock.now(), tick=False) as time:
            tick()
            time.shift(timedelta(days=400))
            tick()
            assert self.waiting() == 1
            self.clear()
            tick()
            time.shift(timedelta(minutes=59))
            tick()
            assert self.waiting() == 0

    def test_a_clock_set_back_doubles_nothing_and_stops_nothing(self, app: Flask) -> None:
        with time_machine.travel(clock.now(), tick=False) as time:
            tick()
            time.shift(timedelta(hours=1))
            tick()
            assert self.waiting() == 1
            self.clear()
            time.shift(-timedelta(days=1))
            tick()
            assert self.waiting() == 0
            time.shift(timedelta(hours=1))
            tick()
            assert self.waiting() == 1

    def test_many_processes_queue_it_once(self, app: Flask) -> None:
        with time_machine.travel(clock.now(), tick=False) as time:
            tick()
            time.shift(timedelta(hours=1))
            together(app, tick, 8)
            assert self.waiting() == 1
            self.clear()
            together(app, tick, 8)
            assert self.waiting() == 0


def test_every_recurring_job_of_core_is_a_kind() -> None:
    assert {"core.clean_jobs", "core.clean_outbox", "core.clean_limits"} <= set(recurring) <= set(kinds)


def together(app: Flask, act: Callable[[], object], number: int) -> list[object]:
    """Do the same in many threads at once, each with its own application context."""
    start, answers = threading.Barrier(number), list[object]()

    def one() -> None:
        start.wait()
        with app.app_context():
            answers.append(act())

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_many_workers_in_one_process_share_the_work(app: Flask, lines: Lines) -> None:
    for number in range(40):
        enqueued(sample_jobs.note, str(number))
    together(app, jobs.run_due, 4)
    assert sorted(map(int, things())) == list(range(40))


class TestProcesses:
    """Real worker processes."""

    def test_two_workers_do_each_job_exactly_once(self, app: Flask, worker: Worker, lines: Lines) -> None:
        with unit_of_work():
            for number in range(60):
                jobs.enqueue(sample_jobs.note, str(number))
        for process in (worker(), worker()):
            assert process.poll() is None
        until(lambda: len(things()) == 60)
        assert set(Counter(line for line in lines() if line.startswith("note")).values()) == {1}

    def test_a_job_is_run_again_after_its_worker_was_killed(self, app: Flask, worker: Worker, lines: Lines) -> None:
        job_id = enqueued(sample_jobs.sleep, "tea", 1)
        killed = worker()
        until(lambda: "begin tea" in lines())
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert (state(job_id), things()) == ("running", [])
        worker()
        until(lambda: state(job_id) == "done")
        assert lines().count("begin tea") == 2
        assert (things(), row(job_id).attempts) == (["tea"], 2)

    def test_a_heartbeat_keeps_a_long_job_with_its_worker(self, app: Flask, worker: Worker, lines: Lines) -> None:
        job_id = enqueued(sample_jobs.sleep, "tea", 4)
        worker(TEST_LEASE="1")
        worker(TEST_LEASE="1")
        until(lambda: state(job_id) == "done")
        assert lines().count("begin tea") == 1

    def test_a_worker_told_to_stop_finishes_what_it_began(self, app: Flask, worker: Worker, lines: Lines) -> None:
        first = enqueued(sample_jobs.sleep, "tea", 1)
        process = worker()
        until(lambda: "begin tea" in lines())
        second = enqueued(sample_jobs.note, "cake")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        assert (state(first), state(second)) == ("done", "queued")

    def test_a_long_job_is_put_back_at_a_step(self, app: Flask, worker: Worker, lines: Lines) -> None:
        job_id = enqueued(sample_jobs.steps, 100, 0.1)
        process = worker()
        until(lambda: "step 2" in lines())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        assert (state(job_id), row(job_id).attempts) == ("queued", 0)
        assert 3 <= len(things()) < 100

    def test_long_work_never_holds_up_short_work(self, app: Flask, worker: Worker, lines: Lines) -> None:
        long = [enqueued(sample_jobs.steps, 100, 0.1) for _ in range(3)]
        worker(TEST_THREADS="2")
        until(lambda: "step 1" in lines())
        enqueued(sample_jobs.note, "tea")
        until(lambda: "note tea" in lines(), 5)
        assert "queued" in [state(job_id) for job_id in long]
