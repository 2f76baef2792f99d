"""Six hundred mails, a real mail server in a process of its own, and a worker that is killed twenty times (T2)."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from portal.core import outbox
from portal.core.db import db, unit_of_work
from portal.core.outbox import OutboxMail
from tests.core import mail_server, small_app
from tests.core.conftest import until
from tests.core.test_mail import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

MAILS, KILLS = 600, 20
# Forked from a process that has read all modules already: a worker is back at work in the twinkling of an eye.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.core.small_app", "tests.core.sample_jobs", "tests.core.mail_server"])


class Post:
    """The mail server's process, and what it wrote down."""

    def __init__(self, folder: Path) -> None:
        self.port, self.path = free_port(), folder / "arrived"
        self.path.touch()
        self.process: Any = None

    def start(self) -> None:
        """Open the door."""
        self.process = FORKS.Process(target=mail_server.serve, args=(self.port, self.path, 0.002))
        self.process.start()

    def stop(self) -> None:
        """Close it, as a machine does that loses its power."""
        self.process.kill()
        self.process.join()

    def count(self) -> int:
        """How many mails have arrived."""
        return self.path.read_bytes().count(b"\n")

    def mails(self) -> list[dict[str, str]]:
        """What has arrived."""
        return [json.loads(line) for line in self.path.read_text().splitlines()]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """A mail server that is running."""
    server = Post(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def start(app: Flask, post: Post) -> Iterator[Any]:
    """Starts workers; those that are left at the end are killed."""
    names = ("TEST_DATA", "TEST_DATABASE")
    environment = {name: os.environ[name] for name in names} | {
        "TEST_MAIL": f"smtp://127.0.0.1:{post.port}", "TEST_THREADS": "2", "TEST_LEASE": "1",
    }  # fmt: skip
    started: list[Any] = []

    def begin() -> Any:
        process = FORKS.Process(target=small_app.work, args=(environment,))
        process.start()
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.join()


def write(count: int) -> None:
    """Every third mail is about security."""
    with unit_of_work():
        for number in range(count):
            security = number % 3 == 0
            kind = "secure" if security else "news"
            outbox.post_mail(kind, f"{kind}{number}@example.org", "Tea", "Tea is ready.", security=security)


def rows() -> list[Any]:
    """What the outbox says."""
    table = OutboxMail.__table__
    with db.reading_engine.connect() as connection:
        return list(connection.execute(sa.select(table)))


def is_over() -> bool:
    """Whether nothing waits any more."""
    open_ = sa.select(sa.func.count()).where(OutboxMail.state.in_(("queued", "sending")))
    with db.reading_engine.connect() as connection:
        return connection.execute(open_).scalar_one() == 0


def test_twenty_kills_lose_no_security_mail_and_double_no_other(app: Flask, post: Post, start: Any) -> None:
    """T2: security mail at least once and a repeat with the same Message-ID, all other mail at most once."""
    chance = random.Random(3)
    write(MAILS)
    db.session.remove()
    for kill in range(KILLS):
        worker, goal = start(), (kill + 1) * MAILS // (KILLS + 5)
        until(lambda goal=goal: post.count() >= goal)
        time.sleep(chance.random() * 0.03)  # in the middle of whatever it is doing
        worker.kill()
        worker.join()
    start()
    until(is_over, 60)

    said, arrived = rows(), post.mails()
    times = Counter(mail["to"] for mail in arrived)
    ids = {address: {mail["id"] for mail in arrived if mail["to"] == address} for address in times}
    security = {row.to_address for row in said if row.security}
    bulk = {row.to_address for row in said if not row.security}
    states = {row.to_address: row.state for row in said}
    unknown = {address for address, state in states.items() if state == "unknown"}
    figures = {
        "kills": KILLS, "security repeated": sum(times[address] > 1 for address in security), "unknown": len(unknown),
        "unknown that arrived": sum(times[address] for address in unknown),
    }  # fmt: skip

    assert security <= times.keys(), "no security mail is lost"
    assert all(len(found) == 1 for found in ids.values()), "a repeat has the same Message-ID"
    assert all(times[address] <= 1 for address in bulk), "nothing else comes twice"
    assert {address for address in bulk if not times[address]} <= unknown, "what did not arrive is listed"
    assert unknown <= bulk
    assert {row.to_address for row in outbox.listed("unknown")} == unknown
    assert Counter(states.values()) == {"sent": MAILS - len(unknown), "unknown": len(unknown)}, "the counts add up"
    assert len(unknown) <= 2 * KILLS, "two threads, so at most two in each kill"
    print(figures)
