"""A house of its own in a fresh database, and files brought into it as the command line does."""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, func, select, text

from portal.app import create_app
from portal.careers.models import Position, Relation
from portal.config import Config
from portal.core.access import system_viewer
from portal.core.db import db, unit_of_work
from portal.core.outbox import OutboxMail
from portal.imports import actions, queries, reading
from portal.imports import steps as work
from portal.imports.models import Import, ImportMatch, ImportRow
from portal.organisations.actions import create_host
from portal.organisations.models import Organisation
from portal.people.actions import ensure_system
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from portal.core.application import Portal

MEMORY = Path("/dev/shm")  # noqa: S108 - how fast a disk is, is not what this proves


@contextmanager
def house(server: str, host_name: str) -> Iterator[Portal]:
    """An application on an empty database that is gone afterwards; `server` empty means SQLite."""
    name, engine = f"portal_prove_{secrets.token_hex(5)}", None
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        url = f"sqlite:///{folder}/prove.sqlite"
        if server:
            engine = create_engine(server, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "{name}"'))
            url = engine.url.set(database=name).render_as_string(hide_password=False)
        app = create_app(
            Config(env="development", secret_key="prove " * 10, database_url=url, data_dir=folder, limits="off")
        )
        try:
            with app.app_context():
                db.create_all()
                with unit_of_work():
                    ensure_system()
                    create_host(host_name, by=system_viewer())
                yield app
                db.session.remove()
                db.engine.dispose()
        finally:
            if engine is not None:
                with engine.connect() as connection:
                    connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
                engine.dispose()


def bring(path: Path, *, name: str = "", kind: str = "", source: str = "", as_of: date | None = None) -> Import:
    """Import a file whole; one that is refused comes back as such."""
    imported = plan(path, name=name, kind=kind, source=source, as_of=as_of)
    if imported.state == "planned":
        apply(imported)
    return queries.by_id(imported.id)


def plan(path: Path, *, name: str = "", kind: str = "", source: str = "", as_of: date | None = None) -> Import:
    """The dry run."""
    by = system_viewer()
    found = reading.inspect(path, name or path.name)
    with unit_of_work():
        imported = actions.start_import(path, name or path.name, found, by=by)
        choices = reading.Choices.from_dict(imported.choices)
        actions.choose(imported, choices, kind=kind, source=source, as_of=as_of or imported.as_of, by=by)
    steps(lambda: work.plan(imported.id))
    return queries.by_id(imported.id)


def apply(imported: Import) -> None:
    """Do what was planned."""
    with unit_of_work():
        actions.begin_apply(queries.by_id(imported.id), by=system_viewer())
    steps(lambda: work.apply(imported.id))


def undo(imported: Import) -> None:
    """Take it back."""
    with unit_of_work():
        actions.begin_undo(queries.by_id(imported.id), by=system_viewer())
    steps(lambda: work.undo(imported.id))


def steps(work: Callable[[], Iterator[int]]) -> float:
    """Keep one step after the other, as a worker does; how long it took."""
    begun, iterator = time.perf_counter(), iter(work())
    while True:
        with unit_of_work():
            if next(iterator, None) is None:
                break
    return time.perf_counter() - begun


def people() -> int:
    """How many people are there."""
    found = select(func.count()).select_from(Person).where(Person.is_system.is_(False))
    return int(db.session.execute(found).scalar_one())


def everybody() -> set[int]:
    """The people who are there."""
    return set(db.session.execute(select(Person.id)).scalars())


def mails() -> int:
    """How many mails wait or went."""
    return int(db.session.execute(select(func.count()).select_from(OutboxMail)).scalar_one())


def owners(imported: Import) -> dict[int, int]:
    """Whose each row is, by the row's number."""
    found = select(ImportRow.number, ImportRow.person_id).where(ImportRow.import_id == imported.id)
    return {number: person for number, person in db.session.execute(found.where(ImportRow.applied)) if person}


def outcomes(imported: Import) -> dict[int, str]:
    """What became of each row."""
    found = select(ImportRow.number, ImportRow.outcome).where(ImportRow.import_id == imported.id)
    return {number: outcome for number, outcome in db.session.execute(found)}  # noqa: C416


def questions() -> set[tuple[int, int]]:
    """The pairs that wait for somebody to decide."""
    found = select(ImportMatch.low_id, ImportMatch.high_id).where(ImportMatch.state == "open")
    return {(low, high) for low, high in db.session.execute(found)}  # noqa: C416


def careers() -> dict[int, list[tuple[str, str]]]:
    """The employers of each person, with the end as it is written."""
    found = select(Position.person_id, Organisation.name, Position.end).join(Organisation)
    known: dict[int, list[tuple[str, str]]] = {}
    for person_id, name, end in db.session.execute(found):
        known.setdefault(person_id, []).append((name, end.text if end else ""))
    return known


def state() -> list[tuple[object, ...]]:
    """Everything that is known of everybody, in an order of its own: two houses in one state compare equal."""
    from portal.accounts.models import EmailAddress

    addresses: dict[int, list[str]] = {}
    for person_id, norm in db.session.execute(select(EmailAddress.person_id, EmailAddress.norm)):
        addresses.setdefault(person_id, []).append(norm)
    entries: dict[int, list[tuple[str, ...]]] = {}
    for table in (Position, Relation):
        columns = (table.person_id, Organisation.name, table.title, table.department, table.start, table.end)
        for person_id, *rest in db.session.execute(select(*columns).join(Organisation)):
            words = tuple(each.text if hasattr(each, "text") else str(each or "") for each in rest)
            entries.setdefault(person_id, []).append((table.__tablename__, *words))
    return sorted(
        (row.full_name, row.call_name, tuple(sorted(addresses.get(row.id, ()))), tuple(sorted(entries.get(row.id, ()))))
        for row in db.session.execute(select(Person.id, Person.full_name, Person.call_name))
    )  # fmt: skip
