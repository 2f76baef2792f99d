"""Is this deployment well?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from alembic.config import Config as AlembicConfig
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo

from portal.core import clock, doctor, jobs, ops, outbox
from portal.core.db import db, unit_of_work
from portal.core.doctor import examine, health_check
from tests.core import sample_jobs, small_app

VERSION = 'revision = "abc123"\ndown_revision = None\n'


@pytest.fixture
def house(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A deployment where all is well."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "abc123_first.py").write_text(VERSION)
    config = AlembicConfig()
    config.set_main_option("script_location", str(tmp_path / "migrations"))
    config.set_main_option("path_separator", "os")
    app.extensions["migrate"] = SimpleNamespace(migrate=SimpleNamespace(get_config=lambda: config))
    own = [
        each for each in doctor._checks if each.check.__module__ == doctor.__name__
    ]  # features' checks need their tables
    monkeypatch.setattr(doctor, "_checks", own)
    with db.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num varchar(32))"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('abc123')"))
    yield app
    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE alembic_version"))


def found() -> dict[str, str]:
    """What is not well."""
    return {finding.name: finding.todo for finding in examine() if finding.todo}


def command(app: Flask) -> Result:
    db.session.remove()
    return app.test_cli_runner().invoke(ops.doctor, obj=ScriptInfo(create_app=lambda: app))


def test_all_is_well(house: Flask) -> None:
    assert found() == {}
    done = command(house)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "All is well.")


def test_a_problem_is_told_with_what_to_do_and_by_the_exit_code(house: Flask) -> None:
    health_check("Admins")(lambda: "There is only one admin: grant the role to a second person.")
    done = command(house)
    assert done.exit_code == 1
    assert "BAD   Admins: There is only one admin: grant the role to a second person." in done.output


def test_a_hint_is_no_problem(house: Flask) -> None:
    health_check("Tea", hint=True)(lambda: "Make some.")
    done = command(house)
    assert (done.exit_code, "hint  Tea: Make some." in done.output) == (0, True)


def test_a_check_that_breaks_is_a_finding(house: Flask) -> None:
    health_check("Tea")(lambda: str(1 / 0))
    assert found() == {"Tea": "This could not be checked: ZeroDivisionError: division by zero"}


def test_pending_migrations(house: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
    assert "portal db upgrade" in found()["Migrations"]


def test_work_that_nobody_takes_up(house: Flask) -> None:
    with unit_of_work():
        jobs.enqueue(sample_jobs.note, "tea")
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        assert "waiting for 20 minutes" in found()["Worker"]


def test_work_that_was_given_up(house: Flask) -> None:
    with unit_of_work():
        jobs.enqueue(sample_jobs.hopeless)
    jobs.run_due()
    assert found()["Dead letters"].startswith("1 jobs were given up")


def test_mail_that_was_not_sent(house: Flask) -> None:
    with unit_of_work():
        outbox.post_mail("tests.tea", "ada@example.org", "Tea", "Tea is ready.").state = "unknown"
    assert found()["Outbox"].startswith("1 mails failed or are unknown")


def test_a_clock_that_was_set_back(house: Flask) -> None:
    with time_machine.travel(clock.now() + timedelta(days=1)), unit_of_work():
        jobs.enqueue(sample_jobs.note, "tea")
    assert "set back" in found()["Clock"]


def test_a_full_disk(house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=100 * 1024 * 1024))
    assert "Only 100 MB are free" in found()["Disk"]


def test_a_folder_that_cannot_be_written(house: Flask, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    (tmp_path / "mail").write_text("in the way")
    problems = found()
    assert "could not be checked" in problems["Storage"]
    assert "check PORTAL_MAIL_URL" in problems["Mail"]


def test_a_mail_server_and_a_redis_that_do_not_answer(tmp_path: Path) -> None:
    made = small_app.make(tmp_path, mail_url="smtp://127.0.0.1:9", redis_url="redis://127.0.0.1:9/0")
    with made.app_context():
        assert "check PORTAL_MAIL_URL" in str(doctor.mail_server())
        assert "works without it" in str(doctor.redis())


def test_production_wants_a_proxy_and_a_real_site_production(tmp_path: Path) -> None:
    real: dict[str, Any] = {"base_url": "https://alumni.example.org", "mail_url": "smtp://localhost"}
    with small_app.make(tmp_path, env="production", **real).app_context():
        assert "PORTAL_PROXY_HOPS" in str(doctor.proxy())
    with small_app.make(tmp_path, **real).app_context():
        assert "PORTAL_ENV=production" in str(doctor.deployment())


def test_without_a_database_nothing_else_is_asked(tmp_path: Path) -> None:
    made = small_app.make(tmp_path, "postgresql://nobody@127.0.0.1:9/nothing")
    with made.app_context():
        findings = list(examine())
    assert findings[-1].name == "Database"
    assert "check PORTAL_DATABASE_URL" in findings[-1].todo
