"""Finding people: the list by name, and the search by words, ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Integer,
    String,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import aliased

from portal.core.db import is_sqlite, rows
from portal.core.memory import Memory
from portal.core.pages import Keyset, Page, decode_cursor, encode_cursor
from portal.core.search import closest, excerpt
from portal.core.sets import is_word
from portal.core.text import words
from portal.directory import policies
from portal.directory.queries import cards
from portal.directory.queries.filters import Filters, Shape, clauses, shape_of, wanted_values
from portal.directory.queries.walk import among
from portal.people.faces import FACE, Face
from portal.people.models import Person
from portal.profiles.models import CALLED, NAMES, PersonTerm
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
_Other = aliased(PersonTerm)  # another name of the same person
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
    return Page(shown, encode_cursor([last.rank, last.place, last.face_id]) if last else None), at_least


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
    return (_by_name if rank == BY_NAME else _by_words)(sight, shape, later=later)


def _by_name(sight: Sight, shape: Shape, *, later: bool) -> Select[*tuple[Any, ...]]:
    """Each person once: by their name if that fits, else by a former one.

    What is found is ranked among the terms alone, which only those have who can be met; persons are looked up for the page.
    """
    here, rank = PersonTerm, _rank(PersonTerm)
    place = _place_of(here)
    named = func.count().filter(is_word(here.source, "name")).over()
    terms = select(
        rank.label("rank"), (literal(0) if later else named).label("named"), place.label("place"), here.person_id
    )
    terms = terms.where(
        *_is_named(sight, shape, here), or_(is_word(here.source, "name"), ~_stands_before(sight, shape))
    )
    if filters := list(clauses(sight, shape)):
        terms = terms.join(Person, Person.id == here.person_id).where(policies.findable_by(sight), *filters)
    if later:
        terms = terms.where(tuple_(rank, place, here.person_id) > _place("place_rank"))
    first = terms.order_by("rank", "place", here.person_id).limit(ONE_PAGE).subquery()
    found = select(first.c.rank, first.c.named, first.c.place, *FACE)
    found = found.join(Person, Person.id == first.c.person_id).where(policies.findable_by(sight))
    return found.order_by(first.c.rank, first.c.place, first.c.person_id)


def _place_of(term: Any) -> ColumnElement[str]:
    """Where a person stands among others: by their name, also who is found by a former one."""
    own = select(Person.sort_name).where(Person.id == term.person_id).correlate(term).scalar_subquery()
    return case((is_word(term.source, "name"), term.folded), else_=own)


def _stands_before(sight: Sight, shape: Shape) -> ColumnElement[bool]:
    """Whether the person of a former name is found by their name, or better by another former one."""
    here, other = PersonTerm, _Other
    better = tuple_(_rank(other), other.id) < tuple_(_rank(here), here.id)
    first = or_(is_word(other.source, "name"), and_(is_word(other.source, "former"), better))
    found = select(other.id).where(other.person_id == here.person_id, first, *_is_named(sight, shape, other))
    return exists(found.correlate(here))


def _by_words(sight: Sight, shape: Shape, *, later: bool) -> Select[*tuple[Any, ...]]:
    """Nothing is ranked: the index of names is walked until the page is full."""
    fits = and_(among(ids_having(sight, shape.pieces)), Person.id.not_in(_named(sight, shape)))
    found = select(literal(BY_WORDS).label("rank"), literal(0).label("named"), Person.sort_name.label("place"), *FACE)
    found = found.where(fits, policies.findable_by(sight), *clauses(sight, shape))
    if later:
        found = found.where(tuple_(*BY_SORT_NAME) > _place())
    return found.order_by(*BY_SORT_NAME).limit(ONE_PAGE)


def _place(*before: str) -> Any:
    """Where the last page ended, to fill in; `before` stands before the name."""
    ranks = [bindparam(name, type_=Integer) for name in before]
    return tuple_(*ranks, bindparam("place_name", type_=String), bindparam("place_id", type_=Integer))


def _rank(term: Any) -> ColumnElement[int]:
    """Whether a name, or what the person is called, begins as typed."""
    typed: Any = bindparam("typed", type_=String)
    name, find = term.folded, func.instr if is_sqlite() else func.strpos
    called = find(name, literal(CALLED).concat(typed)) > 0
    return case((or_(func.substr(name, 1, func.length(typed)) == typed, called), BEGINS), else_=BY_NAME)


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
    return select(PersonTerm.person_id).where(*_is_named(sight, shape, PersonTerm))


def _is_named(sight: Sight, shape: Shape, term: Any) -> tuple[ColumnElement[bool], ...]:
    named = NAMES.bound(term.id, "name") if shape.named else false()
    return named, visible_to(sight, term.audience, term.person_id)


def _say_where(card: Card, query: str, begun: list[str]) -> None:
    """Say in which of their own words a person was found, unless the list shows it anyway."""
    plain = [term for term in card.terms if term.source in SHOWN_ANYWAY]
    if not any(all(_has(term, word) for word in begun) for term in plain):
        other = max((term for term in card.terms if term not in plain), default=None)
        said = excerpt(other.text, query, EXCERPT) if other else ""
        card.reason = "Formerly " + said if other and other.source == "former" else said


def _has(term: Term, begun: str) -> bool:
    return f" {begun}" in f" {term.folded}"
