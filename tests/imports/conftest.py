"""Files of made-up people, and imports as the command line does them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.accounts.models import EmailAddress
from portal.careers.models import Position, Relation
from portal.core.access import system_viewer
from portal.core.db import db, unit_of_work
from portal.imports import actions, queries, reading, steps
from portal.imports.cli import run_steps
from portal.imports.models import ImportRow
from portal.organisations.models import Organisation
from portal.people.models import Person

if TYPE_CHECKING:
    from pathlib import Path

    from portal.core.application import Portal
    from portal.imports.models import Import

AS_OF = date(2020, 1, 31)


class Desk:
    """Somebody who imports files without the pages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, *lines: str, name: str = "people.csv") -> Path:
        """A file of these lines."""
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def plan(
        self, *lines: str, name: str = "people.csv", kind: str = "", as_of: date = AS_OF, system: str = "",
        announce: bool = False,
    ) -> Import:  # fmt: skip
        """Say what these lines would do."""
        path, by = self.file(*lines, name=name), system_viewer()
        found = reading.inspect(path, name)
        with unit_of_work():
            imported = actions.start_import(path, name, found, by=by)
            choices = reading.Choices.from_dict(imported.choices | ({"system": system} if system else {}))
            actions.choose(imported, choices, kind=kind, source="", as_of=as_of, announce=announce, by=by)
        run_steps(lambda: steps.plan(imported.id))
        return queries.by_id(imported.id)

    def bring(self, *lines: str, **options: Any) -> Import:
        """Import these lines."""
        imported = self.plan(*lines, **options)
        assert imported.state == "planned", imported.problem
        self.begin(imported)
        run_steps(lambda: steps.apply(imported.id))
        return queries.by_id(imported.id)

    def begin(self, imported: Import) -> None:
        """From now on it is applied."""
        with unit_of_work():
            actions.begin_apply(queries.by_id(imported.id), by=system_viewer())

    def undo(self, imported: Import) -> Import:
        """Take it back."""
        with unit_of_work():
            actions.begin_undo(queries.by_id(imported.id), by=system_viewer())
        run_steps(lambda: steps.undo(imported.id))
        return queries.by_id(imported.id)


@pytest.fixture
def desk(app: Portal, tmp_path: Path) -> Desk:
    """Imports files."""
    return Desk(tmp_path)


def outcomes(imported: Import) -> list[str]:
    """What becomes of each row, in order."""
    found = select(ImportRow.outcome).where(ImportRow.import_id == imported.id)
    return list(db.session.execute(found.order_by(ImportRow.number)).scalars())


def reasons(imported: Import) -> list[str]:
    """Why, row by row."""
    found = select(ImportRow.why).where(ImportRow.import_id == imported.id)
    return list(db.session.execute(found.order_by(ImportRow.number)).scalars())


def everybody() -> list[tuple[Any, ...]]:
    """All that is known of everybody but the system, in an order of its own and without ids."""
    found = []
    for person in db.session.execute(select(Person.id, Person.full_name).where(Person.is_system.is_(False))):
        mine = EmailAddress.person_id == person.id
        addresses = db.session.execute(select(EmailAddress.norm, EmailAddress.state).where(mine))
        found.append((person.full_name, tuple(sorted(map(tuple, addresses))), tuple(career(person.id))))
    return sorted(found)


def career(person_id: int) -> list[tuple[str, ...]]:
    """The entries of a career and the host's record."""
    found = []
    for table in (Position, Relation):
        columns = (Organisation.name, table.title, table.start, table.end)
        rows = db.session.execute(select(*columns).join(Organisation).where(table.person_id == person_id))
        found += [
            (table.__tablename__, name, title, start.text if start else "", end.text if end else "")
            for name, title, start, end in rows
        ]
    return sorted(found)


def named(name: str) -> Person:
    """The one person of this name."""
    return db.session.execute(select(Person).where(Person.full_name == name)).scalar_one()
