"""`python -m benchmarks.letters`: how many weekly letters a second one worker writes to a large community."""

from __future__ import annotations

import argparse
import os
import random
import resource
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from benchmarks import seed, site
from portal.accounts.models import Session
from portal.app import create_app
from portal.boards.models import Topic, TopicReader
from portal.config import Config
from portal.core import clock
from portal.core.access import system_viewer
from portal.core.db import db, unit_of_work
from portal.core.jobs.run import BREATH
from portal.core.outbox import OutboxMail
from portal.digests import actions, calendar, queries
from portal.digests.jobs import BATCH
from portal.people.models import Person

FOLLOWED = 5  # topics that each member follows


def main() -> None:
    """Measure on SQLite and, when PORTAL_TEST_POSTGRES names a server, on PostgreSQL."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.letters", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="a smaller community, for trying things out")
    parser.add_argument("--letters", type=int, default=10_000, help="stop after so many members")
    options = parser.parse_args()
    for database in ["sqlite"] + (["postgresql"] if os.environ.get("PORTAL_TEST_POSTGRES") else []):
        with tempfile.TemporaryDirectory() as folder, site.database(database, Path(folder)) as url:
            app = create_app(Config(secret_key="bench " * 8, database_url=url, data_dir=folder, log_format="json"))
            with app.app_context():
                db.create_all()
                seed.fill(options.scale)
                _live()
                print(f"{database}: {measure(options.letters)}", flush=True)
                db.session.remove()
                db.engine.dispose()


def measure(most: int) -> str:
    """Write letters as the job does, step by step with its pauses, and say how it went."""
    week, last, looked, longest = calendar.week_of(clock.now(), "UTC"), 0, 0, 0.0
    began, worked = time.monotonic(), time.process_time()
    while looked < most and (members := queries.due(["UTC"], week, after=last, limit=BATCH)):
        started = time.monotonic()
        with unit_of_work():
            for person_id in members:
                actions.write_letter(person_id, week, by=system_viewer())
        longest = max(longest, time.monotonic() - started)
        last, looked = members[-1], looked + len(members)
        time.sleep(BREATH)
    seconds, cpu = time.monotonic() - began, time.process_time() - worked
    posted = db.session.execute(select(func.count()).select_from(OutboxMail)).scalar_one()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"{looked:,} members, {posted:,} letters in {seconds:.0f} s: {looked / seconds:.0f} members/s, "
        f"{1000 * cpu / max(looked, 1):.0f} ms of CPU each; "
        f"longest step of {BATCH}: {1000 * longest:.0f} ms; memory {memory} MB"
    )


def _live() -> None:
    """Everybody was here lately and follows some topics."""
    dice, now = random.Random(7), clock.now()  # noqa: S311 - the same community every time
    people = list(db.session.scalars(select(Person.id).where(Person.listed)))
    topics = list(db.session.scalars(select(Topic.id).order_by(Topic.id.desc()).limit(3000)))
    seen = {"opened_through": "link", "expires_at": now + timedelta(days=30), "last_used_at": now - timedelta(days=3)}
    db.session.execute(
        insert(Session), [{"public_id": f"s{n}", "person_id": n, "token_hash": str(n), **seen} for n in people]
    )
    db.session.execute(
        insert(TopicReader),
        [
            {"person_id": n, "topic_id": topic, "level": "follow", "last_read": 1}
            for n in people
            for topic in dice.sample(topics, FOLLOWED)
        ],
    )
    db.session.commit()


if __name__ == "__main__":
    main()
