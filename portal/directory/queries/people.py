"""Finding people: the list by name, and the search by words, ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, literal, literal_column, or_, select, tuple_

from portal.core.db import is_sqlite, rows
from portal.core.memory import Memory
from portal.core.pages import Keyset, Page, decode_cursor, encode_cursor
from portal.core.search import closest, excerpt
from portal.core.text import words
from portal.directory import policies
from portal.directory.queries import cards
from portal.directory.queries.filters import Filters, clauses
from portal.directory.queries.walk import among
from portal.people.faces import FACE, Face
from portal.people.models import Person
from portal.profiles.models import NAMES, PersonTerm
from portal.profiles.nicknames import also_called
from portal.profiles.policies import visible_to
from portal.profiles.queries import ids_found_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select

    from portal.core.access import Viewer
    from portal.directory.queries.cards import Card, Term

PAGE_SIZE = 24
FEW, MOST_SIMILAR, MOST_WORDS = 5, 8, 6
NEAR = 150  # candidates by trigrams, of which the most alike are shown
EXCERPT = 120  # characters
SHOWN_ANYWAY = ("name", "headline")
PLACE = (Integer(), Person.sort_name.type, Person.id.type)
_lists: Memory[Viewer, Keyset] = Memory(1000)
_firsts: Memory[tuple[Viewer, Filters, int, bool], Select[*tuple[Any, ...]]] = Memory(500)
ONE_PAGE: Any = literal_column(str(PAGE_SIZE + 1))  # in plain sight of PostgreSQL, which plans for a page by it
BY_NAME, BY_WORDS = 0, 1  # how people are found; names come first


def people_page(viewer: Viewer, wanted: Filters, *, after: str | None = None, before: str | None = None) -> Page[Card]:
    """People by name, filtered."""
    found = _list(viewer, wanted) if wanted.given else _lists.get(viewer, lambda: _list(viewer, wanted))
    page = found.page(size=PAGE_SIZE, after=after, before=before)
    return Page(cards.dress(viewer, map(Face.of, page.items)), page.older, page.newer)


def _list(viewer: Viewer, wanted: Filters) -> Keyset:
    found = select(*FACE).where(policies.findable_by(viewer), *clauses(viewer, wanted))
    return Keyset(found, [Person.sort_name, Person.id], ascending=True)


def search_page(viewer: Viewer, wanted: Filters, *, after: str | None = None) -> Page[Card]:
    """People found by words: in their names first, then in what else they show, each group by name."""
    rank, *place = decode_cursor(after, PLACE) if after else (BY_NAME,)
    found = list(rows(_group(viewer, wanted, rank, place) if place else _first(viewer, wanted, rank)))
    if rank == BY_NAME and len(found) <= PAGE_SIZE:
        found += rows(_first(viewer, wanted, BY_WORDS))
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    begun = words(wanted.q)[:MOST_WORDS]
    shown = cards.dress(viewer, map(Face.of, found[:PAGE_SIZE]), begun=begun)
    for card in shown:
        _say_where(card, wanted.q, begun)
    return Page(shown, encode_cursor([last.rank, last.sort_name, last.face_id]) if last else None)


def similar_names(viewer: Viewer, wanted: Filters, but: list[Card]) -> list[Card]:
    """People whose names are nearly what was typed."""
    near = NAMES.near(wanted.q, NEAR)
    named = select(*FACE, near.c.body).join(PersonTerm, PersonTerm.person_id == Person.id)
    shown = visible_to(viewer, PersonTerm.audience, PersonTerm.person_id)
    found = named.join(near, near.c.id == PersonTerm.id).where(
        policies.findable_by(viewer), shown, *clauses(viewer, wanted)
    )  # fmt: skip
    near_ones = {row.face_id: row for row in rows(found)}
    known = {card.face.id for card in but}
    ids = [
        each for each, _ in closest(wanted.q, ((key, row.body) for key, row in near_ones.items())) if each not in known
    ]
    return cards.dress(viewer, [Face.of(near_ones[each]) for each in ids[:MOST_SIMILAR]])


def suggestions(viewer: Viewer, query: str, limit: int) -> list[Card]:
    """People whose names have these beginnings of words, for mentions."""
    named = Person.id.in_(_named(viewer, query))
    found = select(*FACE).where(policies.findable_by(viewer), named).order_by(Person.sort_name, Person.id).limit(limit)
    return cards.dress(viewer, [Face.of(row) for row in rows(found)])


def _first(viewer: Viewer, wanted: Filters, rank: int) -> Select[*tuple[Any, ...]]:
    """The first page of those; people look for the same again, and go back to what they found."""
    return _firsts.get((viewer, wanted, rank, is_sqlite()), lambda: _group(viewer, wanted, rank))


def _group(viewer: Viewer, wanted: Filters, rank: int, place: Sequence[Any] = ()) -> Select[*tuple[Any, ...]]:
    """The next page of those found by name, or of those found by something else, after a place if one is given."""
    named = Person.id.in_(_named(viewer, wanted.q))
    fits = named if rank == BY_NAME else and_(among(ids_found_by(viewer, wanted.q)), ~named)
    found = select(literal(rank).label("rank"), Person.sort_name, *FACE)
    found = found.where(policies.findable_by(viewer), fits, *clauses(viewer, wanted))
    if place:
        found = found.where(tuple_(Person.sort_name, Person.id) > tuple_(*place))
    return found.order_by(Person.sort_name, Person.id).limit(ONE_PAGE)


def found_by_words(viewer: Viewer, query: str) -> ColumnElement[bool]:
    """Where-clause on `Person`: found by name or by something else that they show."""
    return or_(Person.id.in_(_named(viewer, query)), Person.id.in_(ids_found_by(viewer, query)))


def _named(viewer: Viewer, query: str) -> Select[int]:
    """Whose name, or a former one that the viewer may know, has every word; Bob is Robert too."""
    shown = visible_to(viewer, PersonTerm.audience, PersonTerm.person_id)
    return select(PersonTerm.person_id).where(NAMES.matches(PersonTerm.id, query, also=also_called), shown)


def _say_where(card: Card, query: str, begun: list[str]) -> None:
    """Say in which of their own words a person was found, unless the list shows it anyway."""
    plain = [term for term in card.terms if term.source in SHOWN_ANYWAY]
    if not any(all(_has(term, word) for word in begun) for term in plain):
        other = max((term for term in card.terms if term not in plain), default=None)
        said = excerpt(other.text, query, EXCERPT) if other else ""
        card.reason = "Formerly " + said if other and other.source == "former" else said


def _has(term: Term, begun: str) -> bool:
    return f" {begun}" in f" {term.folded}"
