"""A process that is killed in the middle of joining two accounts or of erasing one leaves nothing half done (T1)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portal.core import clock, parts
from portal.core.access import viewer_of
from portal.core.db import db, unit_of_work
from portal.people.models import Person
from portal.rights import actions
from portal.rights.jobs import carry_out_erasures
from portal.rights.models import AccountMerge, Erasure, MergeRequest
from tests.rights.filling import Filler
from tests.rights.test_erase import dump, run
from tests.rights.test_join import proved

if TYPE_CHECKING:
    from tests.factories import Make

ROOT = Path(__file__).resolve().parents[2]
# The n-th feature does its part, or all have; then the process says so and hangs until it is killed.
WORKER = """
import sys, time
from portal.app import create_app
from portal.core import parts
from portal.core.access import viewer_of
from portal.core.db import db, unit_of_work
verb, number, one = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def halt(*_args):
    db.session.flush()
    print("here", flush=True)
    time.sleep(60)
with create_app().app_context():
    every = parts.every("person_data")
    if number < len(every):
        part, inner = every[number], getattr(every[number], verb)
        setattr(part, verb, lambda *args: (inner(*args), halt()))
    from portal.rights import actions, jobs
    from portal.rights.models import MergeRequest
    with unit_of_work():
        if verb == "move":
            row = db.session.get(MergeRequest, one)
            actions.join(row, by=viewer_of(row.person_id))
        else:
            for _ in jobs.carry_out_erasures():
                pass
        halt()
"""
MIDDLE, ALL = "half", "1000"


def kill_in(verb: str, when: str, one: int, database_url: str, folder: Path) -> None:
    """Let another process begin the work, and end it at that moment."""
    db.session.remove()
    number = str(len(parts.every("person_data")) // 2) if when == MIDDLE else when
    env = os.environ | {"PYTHONPATH": str(ROOT), "PORTAL_DATABASE_URL": database_url, "PORTAL_DATA_DIR": str(folder),
                        "PORTAL_ENV": "development", "PORTAL_SECRET_KEY": "test " * 10}  # fmt: skip
    command = [sys.executable, "-c", WORKER, verb, number, str(one)]
    worker = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "here", worker.stderr and worker.stderr.read()
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    assert worker.returncode == -signal.SIGKILL


def filled(make: Make, *names: str) -> list[int]:
    """People of whom something stands in every table."""
    low = [make.member().id for _ in range(3)]
    people = [make.member(name).id for name in names]
    others = [*low, *(make.member().id for _ in range(9))]
    fillers = [Filler(person_id, others[:: 1 - 2 * n], f"Marker{n}") for n, person_id in enumerate(people)]
    for number, filler in enumerate(fillers):
        filler.count, filler.shared = 5000 * number, fillers[0].shared
        filler.fill()
    mine = Person.__table__.update().where(Person.id.in_(people))
    db.session.execute(mine.values(suspended_until=None))
    db.session.commit()
    return people


@pytest.mark.parametrize("when", [MIDDLE, ALL])
def test_killed_while_two_accounts_become_one(make: Make, database_url: str, tmp_path: Path, when: str) -> None:
    """I10, R16, T1: after kill -9 every row is as it was, and the same request joins them afterwards."""
    kept_id, gone_id = filled(make, "Ada Fern", "Ada Fearn")
    kept, gone = db.session.get(Person, kept_id), db.session.get(Person, gone_id)
    assert kept is not None
    assert gone is not None
    request_id = proved(kept, gone).id
    db.session.commit()
    before = dump()
    kill_in("move", when, request_id, database_url, tmp_path)
    assert dump() == before
    with unit_of_work():
        row = db.session.get(MergeRequest, request_id)
        assert row is not None
        actions.join(row, by=viewer_of(kept_id))
    assert db.session.query(AccountMerge).filter_by(kept_id=kept_id, gone_id=gone_id).count() == 1
    assert db.session.query(Person.merged_into_id).filter_by(id=gone_id).scalar() == kept_id


@pytest.mark.parametrize("when", [MIDDLE, ALL])
def test_killed_while_an_account_is_erased(make: Make, database_url: str, tmp_path: Path, when: str) -> None:
    """P5, R26, T1: after kill -9 nothing is gone yet; the next run of the job erases all of it."""
    (ada_id,) = filled(make, "Ada Fern")
    past = clock.now() - timedelta(hours=1)
    db.session.add(Erasure(person_id=ada_id, posts="take", due_at=past, reminded_at=past))
    db.session.commit()
    before = dump()
    kill_in("erase", when, 0, database_url, tmp_path)
    assert dump() == before
    run(carry_out_erasures)
    assert db.session.query(Person.full_name).filter_by(id=ada_id).scalar() == "Former member"
    assert db.session.query(Erasure).filter(Erasure.done_at.is_(None), Erasure.called_off_at.is_(None)).count() == 0
