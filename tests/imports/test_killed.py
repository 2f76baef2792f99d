"""A worker that is killed in mid-import goes on where it was: the report is a clean run's, and nobody is there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal.core.db import db
from portal.imports import applying, queries, steps
from portal.imports.cli import run_steps
from portal.imports.models import ImportRow
from portal.people.models import Person
from tests.imports.conftest import everybody

if TYPE_CHECKING:
    from tests.imports.conftest import Desk

ROOT = Path(__file__).resolve().parents[2]
ROWS, BATCH = 100, 40
WORKER = """
import sys, time
from portal.imports import cli, steps, queries, applying
applying.BATCH = 40
inner = applying.apply_batch
def slowly(*args, **kwargs):
    done = inner(*args, **kwargs)
    print("batch", flush=True)
    time.sleep(60)  # killed here: decided and written, but not kept
    return done
from portal.app import create_app
app = create_app()
with app.app_context():
    def step(number):
        if number:
            applying.apply_batch = slowly
    cli.run_steps(lambda: steps.apply(int(sys.argv[1])), step)
"""


def lines() -> list[str]:
    """Rows of whom some come twice, some share an address."""
    made = ["Employee ID,Full name,Email,Company"]
    for n in range(1, ROWS + 1):
        twice = n - 60 if n > 90 else n
        made.append(f"{twice},Person Number{twice},p{twice}@example.org,Firm {n % 7}")
    return made


def report(import_id: int) -> list[tuple[int, str, str]]:
    found = select(ImportRow.number, ImportRow.outcome, ImportRow.why).where(ImportRow.import_id == import_id)
    return [tuple(row) for row in db.session.execute(found.order_by(ImportRow.number))]


def people() -> int:
    return db.session.execute(select(func.count()).where(Person.is_system.is_(False))).scalar_one()


def test_killed_in_the_middle_of_a_batch(
    desk: Desk, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T1, T3: kill -9 between two commits, then the same steps again."""
    monkeypatch.setattr(applying, "BATCH", BATCH)
    clean = desk.bring(*lines())
    wanted, state, number = report(clean.id), everybody(), people()
    desk.undo(clean)
    assert people() == 0
    planned = desk.plan(*lines(), name="again.csv")
    desk.begin(planned)
    _kill_in_second_batch(planned.id, database_url, tmp_path)
    halfway = queries.by_id(planned.id)
    assert halfway.state == "applying"
    assert halfway.cursor == BATCH
    run_steps(lambda: steps.apply(planned.id))
    done = queries.by_id(planned.id)
    assert done.state == "applied"
    assert report(done.id) == wanted
    assert sum(done.counts.values()) == ROWS
    assert people() == number
    assert everybody() == state


def _kill_in_second_batch(import_id: int, database_url: str, folder: Path) -> None:
    db.session.remove()
    env = os.environ | {"PYTHONPATH": str(ROOT), "PORTAL_DATABASE_URL": database_url, "PORTAL_DATA_DIR": str(folder),
                        "PORTAL_ENV": "development", "PORTAL_SECRET_KEY": "test " * 10}  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(import_id)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "batch", worker.stderr and worker.stderr.read()
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        time.sleep(0.1)
    assert worker.returncode == -signal.SIGKILL


def test_two_workers_never_do_the_same_rows(desk: Desk) -> None:
    from portal.core.access import system_viewer
    from portal.core.errors import Conflict
    from portal.imports import actions

    imported = desk.plan("Name,Email", "Ada Lovelace,ada@example.org")
    desk.begin(imported)
    stale = queries.by_id(imported.id)
    db.session.expunge(stale)
    run_steps(lambda: steps.apply(imported.id))
    with pytest.raises(Conflict, match="Somebody else"):
        actions.move_on(stale, 1, by=system_viewer())
