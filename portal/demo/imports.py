"""Files that HR and sales brought: one applied, one that waits for a look, and a question that it asked."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.core.access import viewer_of
from portal.core.db import db
from portal.demo.stage import public_id
from portal.imports import actions, reading, steps
from portal.imports.models import Import, ImportedThing
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from portal.demo.stage import Stage

LEAVERS = (
    "Ingrid Aasen", "Tobias Achterberg", "Marisol Aguirre Pons", "Wanjiru Kamau", "Pádraig Ó Nualláin", "Hye-jin Seo",
    "Ludovic Marchandeau", "Zuzanna Gwóźdź", "Rasmus Toivonen", "Anneliese Kofler", "Dilnoza Karimova", "Mateus Vasques",
)  # fmt: skip
TITLES = ("Analyst", "Project lead", "Planner", "Buyer", "Engineer", "Controller")
SITES = ("Halifax", "Leipzig", "Porto")
CONTACTS = (
    ("Ingrid Aasen", "ingrid@nordlys.example", "Nordlys Shipping", "Head of planning"),
    ("Tobias Achterberg", "t.achterberg@example.net", "Kestrel & Lowe", "Project lead"),
    ("Solveig Bratteng", "solveig@nordlys.example", "Nordlys Shipping", "Buyer"),
    ("Kwabena Asare", "kwabena.asare@harbourline.example", "Harbourline", "Managing director"),
    ("Office", "office@harbourline.example", "Harbourline", ""),
    ("Elif Sönmez", "office@harbourline.example", "Harbourline", "Assistant"),
    ("Marisol Aguirre", "marisol.aguirre@example.org", "Aguirre Pons Asociados", "Partner"),
    ("Jarmila Dvořáčková", "not an address", "Vltava Freight", "Dispatcher"),
)  # fmt: skip
GUESTS = (
    ("Name", "Email", "Company"),
    ("Zuzanna Gwóźdź", "zuza@example.com", "Kestrel & Lowe"),
    ("Mateus Vasques", "mateus.vasques@example.net", "Ribeira Logística"),
    ("Oluwaseun Adeyemi-Pratt", "seun@example.org", "Kestrel & Lowe"),
)


def add_imports(stage: Stage) -> None:
    """A list of leavers that was applied some weeks ago, and a list of contacts that waits."""
    leavers = _bring(stage, "leavers-spring.csv", _leavers(stage), kind="employee", source="BambooHR", days=24)
    actions.begin_apply(leavers, by=viewer_of(stage.by_sign_in("samir").id))
    for _ in steps.apply(leavers.id):
        pass
    picnic = _bring(stage, "picnic-guests.csv", GUESTS, kind="", source="Summer picnic", days=9)
    actions.begin_apply(picnic, by=viewer_of(stage.by_sign_in("samir").id))
    for _ in steps.apply(picnic.id):
        pass
    contacts = _bring(stage, "sales-contacts.csv", _contacts(), kind="", source="Sales contacts", days=2)
    for imported, days in ((leavers, 24), (picnic, 9), (contacts, 2)):
        at = stage.now - timedelta(days=days)
        values = {"created_at": at, "planned_at": at, "applied_at": None if imported is contacts else at}
        db.session.execute(update(Import).where(Import.id == imported.id).values(**values))
    _name_by_the_seed(stage)


def _name_by_the_seed(stage: Stage) -> None:
    """The same seed makes the same community, those of the files included."""
    rng = stage.dice("people of files")
    made = select(ImportedThing.thing_id).where(ImportedThing.kind == "person").order_by(ImportedThing.thing_id)
    for person_id in db.session.scalars(made):
        db.session.execute(update(Person).where(Person.id == person_id).values(public_id=public_id(rng)))


def _bring(stage: Stage, name: str, rows: Iterable[Iterable[str]], *, kind: str, source: str, days: int) -> Import:
    by, day = viewer_of(stage.by_sign_in("samir").id), stage.now.date() - timedelta(days=days)
    with TemporaryDirectory() as folder:
        path, text = Path(folder) / name, io.StringIO()
        csv.writer(text).writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8")
        found = reading.inspect(path, name)
        imported = actions.start_import(path, name, found, by=by)
    actions.choose(imported, found.choices, kind=kind, source=source, as_of=day, by=by)
    for _ in steps.plan(imported.id):
        pass
    return imported


def _leavers(stage: Stage) -> list[list[str]]:
    rng, today = stage.dice("imports"), stage.now.date()
    rows = [
        [
            "Employee #",
            "First Name",
            "Last Name",
            "Hire Date",
            "Termination Date",
            "Job Title",
            "Location",
            "Home Email",
        ]
    ]
    for number, name in enumerate(LEAVERS):
        first, _, last = name.partition(" ")
        address = f"{first}.{last.split()[0]}".lower() if name.isascii() else f"leaver{number}"
        start, end = _span(today, rng.randint(900, 4000), rng.randint(30, 400))
        rows.append(
            [
                str(2400 + number),
                first,
                last,
                start,
                end,
                rng.choice(TITLES),
                rng.choice(SITES),
                f"{address}@example.net",
            ]
        )
    return rows


def _contacts() -> list[list[str]]:
    return [["Name", "Email", "Company", "Title"], *(list(row) for row in CONTACTS)]


def _span(today: date, long: int, since: int) -> tuple[str, str]:
    end = today - timedelta(days=since)
    return (end - timedelta(days=long)).isoformat(), end.isoformat()
