"""`portal import`: the dry run is the default, and what it says is what it does."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal.core.db import db
from portal.imports.cli import import_group
from portal.imports.models import Import
from portal.people.models import Person

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from portal.core.application import Portal
    from tests.imports.conftest import Desk

LINES = ("Name,Email,Company", "Ada Lovelace,ada@example.org,Works until 2014-06-30", "Ben Okafor,ben@example.org,Mill")


def run(app: Portal, *words: str) -> Result:
    return app.test_cli_runner().invoke(import_group, list(words))


def people() -> int:
    return db.session.execute(select(func.count()).where(Person.is_system.is_(False))).scalar_one()


def test_a_dry_run_by_default_then_apply_and_undo(app: Portal, desk: Desk, tmp_path: Path) -> None:
    """T3."""
    path, report = desk.file(*LINES), tmp_path / "report.csv"
    said = run(app, "people", str(path), "--report", str(report), "--source", "CRM")
    assert said.exit_code == 0, said.output
    assert "2 new people" in said.output
    assert "Nothing was changed." in said.output
    assert people() == 0
    rows = list(csv.DictReader(report.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["What happens"] for row in rows] == ["New person", "New person"]
    public_id = db.session.execute(select(Import.public_id)).scalar_one()
    done = run(app, "apply", public_id)
    assert f"portal import undo {public_id}" in done.output
    assert people() == 2
    assert "people.csv" in run(app, "list").output
    assert "2 people removed" in run(app, "undo", public_id).output
    assert people() == 0


def test_encoding_and_columns_are_shown(app: Portal, desk: Desk) -> None:
    said = run(app, "people", str(desk.file(*LINES)), "--apply")
    assert "in utf-8" in said.output
    assert "Email → address" in said.output
    assert people() == 2


def test_a_bad_file_is_one_sentence(app: Portal, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"\x00\x01\x02" * 500)
    said = run(app, "people", str(path))
    assert said.exit_code == 1
    assert said.output.startswith("Error: ")
    assert "Traceback" not in said.output


def test_a_day_to_come_is_refused(app: Portal, desk: Desk) -> None:
    said = run(app, "people", str(desk.file(*LINES)), "--as-of", "2199-01-01")
    assert "still to come" in said.output
    assert run(app, "apply", "nothing").exit_code == 1
