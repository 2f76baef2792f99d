"""Jobs that only tests know; each writes a line into a file outside the database, so that every run is seen."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table, insert

from portal.core import jobs
from portal.core.db import db

# Not among the product's tables: those must equal what the migrations make.
METADATA = MetaData()
THINGS = Table("sample_thing", METADATA, Column("id", Integer, primary_key=True), Column("word", String(40)))


def make_thing(word: str) -> None:
    """Make a thing in the caller's transaction."""
    db.session.execute(insert(THINGS).values(word=word))


def announce(line: str) -> None:
    """Write a line that the test can see, whatever becomes of the transaction."""
    with (Path(os.environ["TEST_DATA"]) / "lines").open("a") as lines:
        lines.write(line + "\n")


@jobs.job("tests.note")
def note(word: str) -> None:
    """Make a thing."""
    announce(f"note {word}")
    make_thing(word)


@jobs.job("tests.sleep")
def sleep(word: str, seconds: float) -> None:
    """Make a thing and take a while before it is kept, without holding a transaction meanwhile."""
    announce(f"begin {word}")
    time.sleep(seconds)
    make_thing(word)
    announce(f"end {word}")


@jobs.job("tests.steps", priority=jobs.LATER)
def steps(number: int, seconds: float) -> Iterator[int]:
    """Make a thing per step."""
    for step in range(number):
        announce(f"step {step}")
        time.sleep(seconds)
        make_thing(f"step {step}")
        yield (step + 1) * 100 // number


@jobs.job("tests.fail", attempts=3)
def fail(word: str) -> None:
    """Make a thing, then fail."""
    make_thing(word)
    raise ValueError(f"no {word} today")


@jobs.job("tests.hopeless")
def hopeless() -> None:
    """Give up at once."""
    raise jobs.GiveUp("nobody can do this")
