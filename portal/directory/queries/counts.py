"""How many of those found stand behind each choice of a filter: of the very people whom the viewer's list shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import case, func, literal, select, union_all

from portal.careers.models import Relation
from portal.core.db import rows
from portal.core.memory import Memory
from portal.core.sets import is_word
from portal.core.text import fold
from portal.directory import policies
from portal.directory.queries.filters import TODAY, Filters, Shape, in_relation, shape_of, wanted_values
from portal.directory.queries.people import all_clauses
from portal.people.models import Person
from portal.profiles.models import ProfileEntry
from portal.profiles.policies import Sight, seeing, sight_of, visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row, Select

    from portal.core.access import Viewer

RELATION, VALUES = "relation", ("place", "skill")
PHASES = ("former", "current")
MOST = 300  # of more people nothing is counted: it would cost what the list does not
MOST_VALUES = 500  # places come first and are no more than people; of skills the commonest
OFFERED = 6  # of places, and of skills
_counts: Memory[tuple[Sight, Shape], Select[*tuple[Any, ...]]] = Memory(500)


class Offer(NamedTuple):
    """A place or a skill, and how many of those found have it."""

    value: str
    people: int


class Counted(NamedTuple):
    """Persons behind the choices of the filters; all of it is empty where nothing was counted."""

    relations: tuple[Offer, ...] = ()  # of "kind" and "kind:phase", with all filters but this
    places: tuple[Offer, ...] = ()  # with all filters, the commonest first
    skills: tuple[Offer, ...] = ()


NOTHING = Counted()


def counts(viewer: Viewer, wanted: Filters, *, at_least: int = 0) -> Counted:
    """How many stand behind each choice, if no more than `MOST` are found; one statement.

    `at_least` so many are known to be found.
    """
    if not replace(wanted, relation="").given or at_least > MOST:
        return NOTHING
    sight, shape = sight_of(viewer), shape_of(wanted)
    statement = _counts.get((sight, shape), lambda: _counting(sight, shape))
    found = rows(statement, **wanted_values(wanted), **seeing(viewer))
    relations, places, skills = ([row for row in found if row.what == what] for what in (RELATION, "place", "skill"))
    others = (Offer(row.value, row.people) for row in skills if row.key not in wanted.skill_list)
    return Counted(tuple(_relations(relations)), _commonest(_places(places, fold(wanted.place))), _commonest(others))


def _relations(held: Iterable[Row[Any]]) -> Iterable[Offer]:
    for row in held:
        yield Offer(row.key, row.people)
        yield from (Offer(f"{row.key}:{phase}", number) for phase in PHASES if (number := getattr(row, phase)))


def _places(held: list[Row[Any]], asked: str) -> Iterable[Offer]:
    """The filter finds places that begin like what is typed; so does the count."""
    for row in held:
        if row.key != asked:
            yield Offer(row.value, sum(other.people for other in held if other.key.startswith(row.key)))


def _commonest(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(offers, key=lambda each: (-each.people, each.value))[:OFFERED])


def _counting(sight: Sight, shape: Shape) -> Select[*tuple[Any, ...]]:
    """Rows (what, key, value, people, former, current)."""
    others = shape._replace(kind="", phase="")
    fits = select(Person.id).where(policies.findable_by(sight), *all_clauses(sight, others))
    found = fits.limit(MOST + 1).cte("found")
    few = select(func.count()).select_from(found).scalar_subquery() <= MOST  # known before anything else is looked at
    kept = narrowed = select(found.c.id).where(few)
    if shape.kind:
        narrowed = kept.join(Person, Person.id == found.c.id).where(in_relation(sight, shape.kind, shape.phase))
    return select(union_all(_in_relations(sight, kept), select(_in_values(sight, narrowed).subquery())).subquery())


def _in_relations(sight: Sight, people: Select[int]) -> Select[*tuple[Any, ...]]:
    """One row for each person and kind: who came back after leaving is there in both phases, and once in all."""
    over = Relation.ends_on <= TODAY
    former, current = case((over, 1), else_=0), case((over, 0), else_=1)
    held = (
        select(Relation.kind, func.max(former).label("former"), func.max(current).label("current"))
        .where(Relation.person_id.in_(people), visible_to(sight, Relation.audience, Relation.person_id))
        .group_by(Relation.kind, Relation.person_id)
        .subquery()
    )
    return select(
        literal(RELATION).label("what"), held.c.kind.label("key"), held.c.kind.label("value"),
        func.count().label("people"), func.sum(held.c.former).label("former"), func.sum(held.c.current).label("current"),
    ).group_by(held.c.kind)  # fmt: skip


def _in_values(sight: Sight, people: Select[int]) -> Select[*tuple[Any, ...]]:
    """A person has a value only once."""
    count = func.count()
    return (
        select(
            ProfileEntry.field.label("what"), ProfileEntry.folded.label("key"), func.min(ProfileEntry.value).label("value"),
            count.label("people"), literal(0).label("former"), literal(0).label("current"),
        )
        .where(
            ProfileEntry.person_id.in_(people),
            is_word(ProfileEntry.field, *VALUES),
            visible_to(sight, ProfileEntry.audience, ProfileEntry.person_id),
        )
        .group_by(ProfileEntry.field, ProfileEntry.folded)
        .order_by(ProfileEntry.field, count.desc(), ProfileEntry.folded)
        .limit(MOST_VALUES)
    )  # fmt: skip
