"""What there is between two members already, for pages that would offer to begin it; features add what they know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, literal_column, select

from portal.core.db import prepared, rows
from portal.people.models import Connection

if TYPE_CHECKING:
    from datetime import datetime

    from portal.core.access import Viewer


class Way(NamedTuple):
    """One way to be bound, as columns: a word for it, the member's own id, the other's, since when, and what else holds."""

    word: str
    mine: Any
    other: Any
    at: Any
    only: tuple[Any, ...] = ()


class Bond(NamedTuple):
    """What there is with somebody, and since when."""

    word: str
    at: datetime


_ways = [
    Way("connected", Connection.low_id, Connection.high_id, Connection.since),
    Way("connected", Connection.high_id, Connection.low_id, Connection.since),
]


def register(*more: Way) -> None:
    """Further ways, for as long as the process lives; at import, before anybody asks."""
    _ways.extend(way for way in more if way not in _ways)


def of(me: Any) -> Any:
    """A member's bonds, as columns: the other's id, the word, since when; of two people at most one holds."""
    first, *more = [
        select(
            way.other.label("other"), literal_column(f"'{way.word}'", String).label("word"), way.at.label("at")
        ).where(way.mine == me, *way.only)
        for way in _ways
    ]
    return first.union_all(*more).subquery("b").c


def bond_with(viewer: Viewer, person_id: int) -> Bond | None:
    """What there is between the viewer and a person; one statement."""
    found = rows(_between(), me=viewer.person_id, other=person_id)
    return next((Bond(row.word, row.at) for row in found), None)


@prepared
def _between() -> Any:
    bond = of(bindparam("me", type_=Integer))
    return select(bond.word, bond.at).where(bond.other == bindparam("other", type_=Integer))
