"""Loading is repeatable, and happens in an empty database only."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import Conflict
from portal.demo import load, sign_ins
from portal.demo.stage import Stage
from portal.people.models import Person
from tests import databases
from tests.demo.conftest import fingerprint

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.databases import Postgres, SQLite
    from tests.factories import Make


def test_it_is_never_loaded_beside_other_people(make: Make) -> None:
    make.person("Somebody Real")
    with pytest.raises(Conflict, match="holds people already"):
        load.load()
    assert db.session.execute(select(func.count()).select_from(Person).where(~Person.is_system)).scalar_one() == 1


def test_it_is_never_loaded_in_production(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    real = dataclasses.replace(app.config["PORTAL"], env="production")
    monkeypatch.setitem(app.config, "PORTAL", real)
    with pytest.raises(Conflict, match="never loaded in production"):
        load.load()


def test_the_command_loads_it(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(load, "load", asked.append)
    done = app.test_cli_runner().invoke(args=["demo", "--seed", "7"])
    assert asked == [7]
    assert done.exit_code == 0


def test_a_start_beside_other_people_leaves_them_alone(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    make.person()
    monkeypatch.setattr(load, "load", lambda: pytest.fail("it was loaded"))
    load.load_if_empty()
    assert sign_ins.help_lines("http://localhost:8000") == []


def test_the_command_refuses_in_a_sentence(make: Make, app: Portal) -> None:
    make.person()
    done = app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code != 0
    assert "holds people already" in str(done.exception) + done.output


def test_the_code_of_an_address_without_authenticator_is_refused(app: Portal) -> None:
    done = app.test_cli_runner().invoke(args=["demo", "code", "nobody@demo.example.org"])
    assert "no authenticator" in str(done.exception) + done.output


def test_the_same_seed_makes_the_same_community(database: SQLite | Postgres, app: Portal) -> None:
    with databases.demo(database) as other:
        first = fingerprint()
        began = (Path(other.config["PORTAL"].data_dir) / databases.BEGAN).read_text()
    with time_machine.travel(datetime.fromisoformat(began), tick=False):
        load.load()
    db.session.commit()
    assert fingerprint() == first


def test_another_seed_gives_the_parts_to_others() -> None:
    one, other = Stage(1), Stage(2)
    assert one.dice("casting").random() != other.dice("casting").random()
