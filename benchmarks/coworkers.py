"""A hundred thousand people with three hundred thousand positions, and the members who ask who worked with them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from benchmarks import seed
from benchmarks.words import FIRST, LAST, NOUNS, PLACES, TITLES
from portal.careers.models import Assignment, Position, Relation
from portal.core import clock, tokens
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.partial_dates import PartialDate
from portal.core.text import fold
from portal.organisations.actions import create_host
from portal.organisations.models import Organisation
from portal.people.actions import ensure_system
from portal.people.models import Person
from portal.profiles.models import ProfileEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Page

PEOPLE, FIRMS, LOOKERS = 100_000, 800, 600
DEPARTMENTS = tuple(
    f"{noun.capitalize()} {what}" for noun in NOUNS[:10] for what in ("design", "sales", "support", "works")
)
FIRST_ID = 2


def fill(scale: float = 1.0) -> list[str]:
    """Fill an empty database; tokens of the members who look, the one who looks most first."""
    dice = random.Random(20261129)  # noqa: S311 - the same community every time
    ensure_system()
    host = create_host("Kestrel & Lowe", by=system_viewer())
    db.session.commit()
    names = list(
        dict.fromkeys(f"{dice.choice(LAST)} {dice.choice(('Mills', 'Ports', 'Ferries'))} {n}" for n in range(FIRMS))
    )
    seed.bulk(Organisation, (
        {"name": name, "folded_name": fold(name), "public_id": tokens.new_public_id()} for name in names
    ))  # fmt: skip
    count = int(PEOPLE * scale)
    people = [f"{dice.choice(FIRST)} {dice.choice(LAST)}" for _ in range(count)]
    seed.bulk(Person, (
        {"id": FIRST_ID + n, "public_id": tokens.new_public_id(), "full_name": name, "call_name": name.split()[0],
         "sort_name": fold(name), "listed": True, "claimed_at": clock.now() - timedelta(days=500)}
        for n, name in enumerate(people)
    ))  # fmt: skip
    seed.reset_sequence("person")
    seed.bulk(ProfileEntry, (
        {"person_id": FIRST_ID + n, "field": "headline", "value": f"{dice.choice(TITLES)} in {dice.choice(PLACES)}"}
        for n in range(count)
    ))  # fmt: skip
    _careers(dice, count, host.id, len(names))
    looking = [FIRST_ID + n * (count // LOOKERS or 1) for n in range(min(LOOKERS, count))]
    found = [seed.session(person_id) for person_id in looking]
    db.session.commit()
    seed.analyze()
    return found


def _careers(dice: random.Random, count: int, host_id: int, firms: int) -> None:
    """Six in ten were at the host; everybody was at three places, one after the other."""
    relations, positions, assignments = [], [], []
    for n in range(count):
        kind = dice.choices(("employee", "customer", "partner"), (6, 3, 1))[0]
        person = FIRST_ID + n
        firm = host_id if kind == "employee" else dice.randint(2, firms)
        year = dice.randint(1985, 2015)
        for turn in range(3):
            there = {"person_id": person, "department": dice.choice(DEPARTMENTS), "site": dice.choice(PLACES), "title": dice.choice(TITLES),
                     "organisation_id": firm if turn == 0 else dice.randint(2, firms)}  # fmt: skip
            length = dice.randint(1, 8)
            there |= _dates(dice, year, year + length if turn < 2 else None)
            positions.append(
                {
                    "id": len(positions) + 1,
                    "public_id": tokens.new_public_id(),
                    "relation_id": n + 1 if turn == 0 else None,
                    **there,
                }
            )
            if turn == 0:
                relations.append({"id": n + 1, "public_id": tokens.new_public_id(), "kind": kind, **there})
            year += length
        if kind == "employee" and n % 10 == 0:
            assignments.append({"public_id": tokens.new_public_id(), "person_id": person, "position_id": len(positions) - 2,
                                "organisation_id": dice.randint(2, firms), "what": "rollout"})  # fmt: skip
    for table, rows in ((Relation, relations), (Position, positions), (Assignment, assignments)):
        seed.bulk(table, rows)
        seed.reset_sequence(table.__tablename__)


def _dates(dice: random.Random, start: int, end: int | None) -> dict[str, Any]:
    """A year, a month or a day, as people write them."""
    first, last = date(start, dice.randint(1, 12), dice.randint(1, 28)), date(end, 12, 31) if end else None
    length = dice.choice((4, 7, 10))
    begins = PartialDate(first.isoformat()[:length])
    ends = PartialDate(last.isoformat()[:length]) if last else None
    return {"start": begins, "starts_on": begins.first, "end": ends, "ends_on": ends.last if ends else None}


def pages(page: type[Page], cookies: list[str]) -> Iterator[Page]:
    """What is measured: one member again and again, and each member once."""
    yield page("worked with me, 100,000 people", "/people", 20, cookie=cookies[0])
    yield page(
        "worked with me, the first look of each member", "/people", 20, cookie=cookies[0], cookies=tuple(cookies[1:])
    )
