"""Who sees which value of a profile: one predicate for the page, lists, filters, search and *view as* (P1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select

from portal.careers.models import Position, Relation
from portal.core.access import VISITOR, Viewer
from portal.core.memory import Memory
from portal.people.models import Person
from portal.people.policies import connected, listed_for
from portal.profiles.models import ProfileEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, SQLColumnExpression

STANDS_FOR_CONNECTION = "stands_for_connection_of"  # in Viewer.extra, of the stand-in that *view as* uses
_visible: Memory[tuple[Any, ...], ColumnElement[bool]] = Memory(5000)


def visible_to(
    viewer: Viewer, audience: SQLColumnExpression[str], person_id: SQLColumnExpression[int]
) -> ColumnElement[bool]:
    """Where-clause: the viewer belongs to the audience that this row's person chose.

    `audience` and `person_id` are columns of the same row: a profile entry, a position, a relation, a search term.
    It says nothing of whether the viewer may meet the person at all; pair it with `people_for`.
    """
    # Building it costs more than asking the database; it depends on nothing but these.
    key = (viewer, viewer.extra.get(STANDS_FOR_CONNECTION), audience, person_id)
    return _visible.get(key, lambda: _built(viewer, audience, person_id))


def _built(viewer: Viewer, audience: Any, person_id: Any) -> ColumnElement[bool]:
    if viewer.system or viewer.person_id is None:
        public: ColumnElement[bool] = audience == "public"
        return public
    open_to = [audience.in_(_plain_audiences(viewer)), person_id == viewer.person_id]
    open_to.append(and_(audience == "connections", _is_connection(viewer, person_id)))
    if viewer.kinds:
        open_to.append(and_(audience == "same_kind", _shares_kind(viewer, person_id)))
    shown = or_(*open_to)
    return and_(shown, person_id.not_in(viewer.blocks)) if viewer.blocks else shown


def people_for(viewer: Viewer) -> ColumnElement[bool]:
    """Persons whom the viewer may meet; visitors only those who show something to everybody."""
    if viewer.is_member:
        return listed_for(viewer)
    return and_(listed_for(VISITOR), or_(*(_shows_publicly(table) for table in (ProfileEntry, Position, Relation))))


def can_edit_profile(by: Viewer, person_id: int) -> bool:
    """A profile is its person's own."""
    return by.system or by.is_person(person_id)


def _plain_audiences(viewer: Viewer) -> tuple[str, ...]:
    return ("public", "members", "staff") if viewer.is_staff else ("public", "members")


def _is_connection(viewer: Viewer, person_id: Any) -> ColumnElement[bool]:
    stands_for = viewer.extra.get(STANDS_FOR_CONNECTION)
    return person_id == stands_for if stands_for is not None else connected(viewer, person_id)


def _shares_kind(viewer: Viewer, person_id: Any) -> ColumnElement[bool]:
    other = Relation.__table__.alias("relation_of_person")
    return exists(select(other.c.id).where(other.c.person_id == person_id, other.c.kind.in_(sorted(viewer.kinds))))


def _shows_publicly(table: Any) -> ColumnElement[bool]:
    return exists(select(table.id).where(table.person_id == Person.id, table.audience == "public").correlate(Person))


# *View as*: who the person may look as, and the stand-in for such a viewer. Stand-ins have a key that nobody has.
NOBODY = 0
STAFF_RELATIONS = frozenset({("employee", "current")})
STAND_INS: dict[str, Callable[[Viewer], Viewer]] = {
    "visitor": lambda me: VISITOR,
    "member": lambda me: Viewer(person_id=NOBODY),
    "same-kind": lambda me: Viewer(person_id=NOBODY, relations=me.relations),
    "connection": lambda me: Viewer(person_id=NOBODY, extra={STANDS_FOR_CONNECTION: me.person_id}),
    "staff": lambda me: Viewer(person_id=NOBODY, relations=STAFF_RELATIONS, roles=frozenset({"staff"})),
}
