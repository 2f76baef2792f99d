"""Finding people: the list by name, and the search by words, ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Integer,
    String,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union,
)

from portal.core.db import rows
from portal.core.memory import Memory
from portal.core.pages import Keyset, Page, decode_cursor, encode_cursor
from portal.core.search import closest, excerpt
from portal.core.text import words
from portal.directory import policies
from portal.directory.queries import cards
from portal.directory.queries.filters import Filters, Shape, clauses, shape_of, wanted_values
from portal.directory.queries.walk import among
from portal.people.faces import FACE, Face
from portal.people.models import Person
from portal.profiles.models import NAMES, PersonTerm
from portal.profiles.policies import Sight, seeing, sight_of, visible_to
from portal.profiles.queries import ids_having

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Row, Select

    from portal.core.access import Viewer
    from portal.directory.queries.cards import Card, Term

PAGE_SIZE = 24
FEW, MOST_SIMILAR, MOST_WORDS = 5, 8, 6
NEAR = 150  # candidates by trigrams, of which the most alike are shown
EXCERPT = 120  # characters
SHOWN_ANYWAY = ("name", "headline")
PLACE = (Integer(), Person.sort_name.type, Person.id.type)
HERE = ("place_rank", "place_name", "place_id")
BY_SORT_NAME = (Person.sort_name, Person.id)
_lists: Memory[tuple[Sight, Shape], Keyset] = Memory(500)
_groups: Memory[tuple[Sight, Shape, int, bool], Select[*tuple[Any, ...]]] = Memory(500)
ONE_PAGE: Any = literal_column(str(PAGE_SIZE + 1))  # in plain sight of PostgreSQL, which plans for a page by it
BEGINS, BY_NAME, BY_WORDS = 0, 1, 2  # how people are found; names come first, and of those what begins as typed


def people_page(viewer: Viewer, wanted: Filters, *, after: str | None = None, before: str | None = None) -> Page[Card]:
    """People by name, filtered."""
    sight, shape = sight_of(viewer), shape_of(wanted)
    found = _lists.get((sight, shape), lambda: _list(sight, shape))
    page = found.page(size=PAGE_SIZE, after=after, before=before, **wanted_values(wanted), **seeing(viewer))
    return Page(cards.dress(viewer, map(Face.of, page.items)), page.older, page.newer)


def _list(sight: Sight, shape: Shape) -> Keyset:
    found = select(*FACE).where(policies.findable_by(sight), *clauses(sight, shape))
    return Keyset(found, [Person.sort_name, Person.id], ascending=True)


def search_page(viewer: Viewer, wanted: Filters, *, after: str | None = None) -> tuple[Page[Card], int]:
    """People found by words: whose name begins with them, then who has them in it, then in what else they show.

    Each group is by name. Beside the page, how many are found at least: those by name, where it begins with them.
    """
    place = decode_cursor(after, PLACE) if after else []
    rank = BY_WORDS if place[:1] == [BY_WORDS] else BY_NAME
    found = list(_read(viewer, wanted, rank, place))
    if rank == BY_NAME and len(found) <= PAGE_SIZE:
        found += _read(viewer, wanted, BY_WORDS)
    at_least = max((row.named for row in found[:1]), default=0)
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    begun = words(wanted.q)[:MOST_WORDS]
    shown = cards.dress(viewer, map(Face.of, found[:PAGE_SIZE]), begun=begun)
    for card in shown:
        _say_where(card, wanted.q, begun)
    return Page(shown, encode_cursor([last.rank, last.sort_name, last.face_id]) if last else None), at_least


def similar_names(viewer: Viewer, wanted: Filters, but: list[Card]) -> list[Card]:
    """People whose names are nearly what was typed."""
    near = NAMES.near(wanted.q, NEAR)
    named = select(*FACE, near.c.body).join(PersonTerm, PersonTerm.person_id == Person.id)
    sight = sight_of(viewer)
    shown = visible_to(sight, PersonTerm.audience, PersonTerm.person_id)
    found = named.join(near, near.c.id == PersonTerm.id).where(
        policies.findable_by(sight), shown, *clauses(sight, shape_of(wanted))
    )  # fmt: skip
    near_ones = {row.face_id: row for row in rows(found, **wanted_values(wanted), **seeing(viewer))}
    known = {card.face.id for card in but}
    ids = [
        each for each, _ in closest(wanted.q, ((key, row.body) for key, row in near_ones.items())) if each not in known
    ]
    return cards.dress(viewer, [Face.of(near_ones[each]) for each in ids[:MOST_SIMILAR]])


def suggestions(viewer: Viewer, query: str, limit: int) -> list[Card]:
    """People whose names have these beginnings of words, for mentions."""
    sight = sight_of(viewer)
    shape = shape_of(Filters(q=query))
    found = _groups.get((sight, shape, BY_NAME, False), lambda: _group(sight, shape, BY_NAME, later=False))
    few = rows(found, **wanted_values(Filters(q=query)), **seeing(viewer))[:limit]
    return cards.dress(viewer, [Face.of(row) for row in few])


def _read(viewer: Viewer, wanted: Filters, rank: int, place: Sequence[Any] = ()) -> Sequence[Row[Any]]:
    """The next page of those found by name, or of those found by something else, after a place if one is given."""
    sight, shape, later = sight_of(viewer), shape_of(wanted), bool(place)
    statement = _groups.get((sight, shape, rank, later), lambda: _group(sight, shape, rank, later=later))
    here = dict(zip(HERE, place, strict=True)) if later else {}
    return rows(statement, **wanted_values(wanted), **seeing(viewer), **here)


def _group(sight: Sight, shape: Shape, rank: int, *, later: bool) -> Select[*tuple[Any, ...]]:
    found = (_by_name if rank == BY_NAME else _by_words)(sight, shape, later=later)
    found = found.where(policies.findable_by(sight), *clauses(sight, shape))
    return found.order_by(*(["rank"] if rank == BY_NAME else []), Person.sort_name, Person.id).limit(ONE_PAGE)


def _by_name(sight: Sight, shape: Shape, *, later: bool) -> Select[*tuple[Any, ...]]:
    """Each person once, under the name that is nearest to what was typed."""
    near = func.min(case((_begins(), BEGINS), else_=BY_NAME))
    counted = literal(0) if later else func.count().over()
    found = select(near.label("rank"), counted.label("named"), Person.sort_name, *FACE)
    found = (
        found.join(PersonTerm, PersonTerm.person_id == Person.id).where(*_is_named(sight, shape)).group_by(Person.id)
    )
    return found.having(tuple_(near, *BY_SORT_NAME) > _place("place_rank")) if later else found


def _by_words(sight: Sight, shape: Shape, *, later: bool) -> Select[*tuple[Any, ...]]:
    """Nothing is ranked: the index of names is walked until the page is full."""
    fits = and_(among(ids_having(sight, shape.pieces)), Person.id.not_in(_named(sight, shape)))
    found = select(literal(BY_WORDS).label("rank"), literal(0).label("named"), Person.sort_name, *FACE).where(fits)
    return found.where(tuple_(*BY_SORT_NAME) > _place()) if later else found


def _place(*before: str) -> Any:
    """Where the last page ended, to fill in; `before` stands before the name."""
    ranks = [bindparam(name, type_=Integer) for name in before]
    return tuple_(*ranks, bindparam("place_name", type_=String), bindparam("place_id", type_=Integer))


def _begins() -> ColumnElement[bool]:
    """Whether a name, or what the person is called, begins as typed; a call name stands behind the full one."""
    typed: Any = bindparam("typed", type_=String)
    name, length = PersonTerm.folded, func.length(typed)
    called = func.substr(name, func.length(Person.sort_name) + 2, length)
    return or_(func.substr(name, 1, length) == typed, and_(PersonTerm.source == "name", called == typed))


def all_clauses(sight: Sight, shape: Shape) -> Iterator[ColumnElement[bool]]:
    """Where-clauses on `Person`: the filters, and found by name or by something else that they show."""
    yield from clauses(sight, shape)
    if shape.words:
        yield Person.id.in_(found_ids(sight, shape))


def found_ids(sight: Sight, shape: Shape) -> Any:
    """Who is found by name or by something else that they show: a select of ids.

    Names are terms too, found by their own words anyway. Two sets with "or" between would make the database ask for everybody.
    """
    having = ids_having(sight, shape.pieces)
    if shape.pieces and not shape.nicknamed:
        return having
    return union(_named(sight, shape), select(having.subquery().c.person_id))


def _named(sight: Sight, shape: Shape) -> Select[int]:
    """Whose name, or a former one that the viewer may know, has every word."""
    return select(PersonTerm.person_id).where(*_is_named(sight, shape))


def _is_named(sight: Sight, shape: Shape) -> tuple[ColumnElement[bool], ...]:
    named = NAMES.bound(PersonTerm.id, "name") if shape.named else false()
    return named, visible_to(sight, PersonTerm.audience, PersonTerm.person_id)


def _say_where(card: Card, query: str, begun: list[str]) -> None:
    """Say in which of their own words a person was found, unless the list shows it anyway."""
    plain = [term for term in card.terms if term.source in SHOWN_ANYWAY]
    if not any(all(_has(term, word) for word in begun) for term in plain):
        other = max((term for term in card.terms if term not in plain), default=None)
        said = excerpt(other.text, query, EXCERPT) if other else ""
        card.reason = "Formerly " + said if other and other.source == "former" else said


def _has(term: Term, begun: str) -> bool:
    return f" {begun}" in f" {term.folded}"
