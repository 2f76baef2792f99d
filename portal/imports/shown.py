"""Two records side by side, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.imports import queries
from portal.imports.report import firms_of
from portal.organisations.queries import host

if TYPE_CHECKING:
    from portal.imports.models import ImportMatch, ImportProposal
    from portal.people.models import Person


@dataclass(frozen=True, slots=True)
class Side:
    """What is known of one of the two, and from where."""

    name: str
    public_id: str
    claimed: bool
    addresses: tuple[str, ...]
    employers: tuple[str, ...]
    ids: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question."""

    public_id: str
    why: str
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class Link:
    """A row, and the member whom it may speak of."""

    public_id: str
    title: str
    member: Person
    said: Side


def pairs(matches: list[ImportMatch]) -> list[Pair]:
    """The questions of a page, with what is known of everybody in one go."""
    people = sorted({person for each in matches for person in (each.low_id, each.high_id)})
    known, house = queries.sources_of(people), host().name
    return [
        Pair(
            each.public_id,
            each.why,
            (_side(each.low, known[each.low_id], house), _side(each.high, known[each.high_id], house)),
        )
        for each in matches
    ]


def links(proposals: list[ImportProposal]) -> list[Link]:
    """The rows of a page beside the members."""
    rows, house = queries.rows_of([each.row_id for each in proposals]), host().name
    return [Link(each.public_id, each.title, each.person, _said(rows[each.row_id], house)) for each in proposals]


def _side(person: Person, said: list[Any], house: str) -> Side:
    addresses = tuple(dict.fromkeys(text for row in said for text in row.record.get("addresses", ())))
    employers = tuple(dict.fromkeys(text for row in said if (text := firms_of(row.record, house))))
    ids = tuple(
        dict.fromkeys(f"{system} {value}" for row in said for system, value in row.record.get("external_ids", ()))
    )
    sources = tuple(f"{row.source or row.name}, row {row.number}" for row in said)
    return Side(person.full_name, person.public_id, person.claimed_at is not None, addresses, employers, ids, sources)


def _said(row: Any, house: str) -> Side:
    record = row.record
    ids = tuple(f"{system} {value}" for system, value in record.get("external_ids", ()))
    return Side(record.get("full_name", ""), "", False, tuple(record.get("addresses", ())), (firms_of(record, house),), ids,
                (f"{row.source or row.name}, row {row.number}",))  # fmt: skip
