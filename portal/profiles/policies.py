"""Who sees which value of a profile: one predicate for the page, lists, filters, search and *view as* (P1).

Its clauses have bound parameters. They differ by the viewer's *sight* alone, so that a statement is put together once for
all who see as far, and filled in with `seeing(viewer)`; one that is not filled in is an error, never a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, exists, not_, or_, select

from portal.careers.models import KINDS, Position, Relation
from portal.core.access import VISITOR, Viewer
from portal.core.memory import Memory
from portal.core.sets import is_one_of, is_word, several
from portal.people.models import Person
from portal.people.policies import connected, listed
from portal.profiles.models import ProfileEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, SQLColumnExpression

STANDS_FOR_CONNECTION = "stands_for_connection_of"  # in Viewer.extra, of the stand-in that *view as* uses
ME: Any = bindparam("viewer_id", type_=Integer)
BLOCKS: Any = several("viewer_blocks", Integer)
STANDS_FOR: Any = bindparam("viewer_stands_for", type_=Integer)


class Sight(NamedTuple):
    """How far a viewer sees: what makes one statement another. A visitor's is empty, and the system's."""

    member: bool = False
    staff: bool = False
    kinds: tuple[str, ...] = ()  # of the viewer's relations
    blocks: bool = False  # whether there are any
    stands_in: bool = False  # for somebody's connection


def sight_of(viewer: Viewer) -> Sight:
    """How far this viewer sees."""
    if not viewer.is_member:
        return Sight()
    stands_in = STANDS_FOR_CONNECTION in viewer.extra
    kinds = tuple(kind for kind in KINDS if kind in viewer.kinds)
    return Sight(True, viewer.is_staff, kinds, bool(viewer.blocks), stands_in)


def seeing(viewer: Viewer) -> dict[str, Any]:
    """What the clauses need to know of this viewer beside the sight."""
    if not viewer.is_member:
        return {}
    known: dict[str, Any] = {"viewer_id": viewer.person_id}
    if viewer.blocks:
        known["viewer_blocks"] = sorted(viewer.blocks)
    if STANDS_FOR_CONNECTION in viewer.extra:
        known["viewer_stands_for"] = viewer.extra[STANDS_FOR_CONNECTION]
    return known


_visible: Memory[tuple[Any, ...], ColumnElement[bool]] = Memory(1000)


def visible_to(
    sight: Sight, audience: SQLColumnExpression[str], person_id: SQLColumnExpression[int]
) -> ColumnElement[bool]:
    """Where-clause: who sees this far belongs to the audience that this row's person chose.

    `audience` and `person_id` are columns of the same row: a profile entry, a position, a relation, a search term.
    It says nothing of whether the viewer may meet the person at all; pair it with `people_for`.
    """
    return _visible.get((sight, audience, person_id), lambda: _built(sight, audience, person_id))


def _built(sight: Sight, audience: Any, person_id: Any) -> ColumnElement[bool]:
    if not sight.member:
        return is_word(audience, "public")
    plain = ("public", "members", "staff") if sight.staff else ("public", "members")
    connection = person_id == STANDS_FOR if sight.stands_in else connected(ME, person_id)
    open_to = [is_word(audience, *plain), person_id == ME, and_(is_word(audience, "connections"), connection)]
    if sight.kinds:
        open_to.append(and_(is_word(audience, "same_kind"), _shares_kind(sight.kinds, person_id)))
    shown = or_(*open_to)
    return and_(shown, not_(is_one_of(person_id, BLOCKS))) if sight.blocks else shown


def people_for(sight: Sight) -> ColumnElement[bool]:
    """Persons whom such a viewer may meet; visitors only those who show something to everybody."""
    if sight.member:
        return listed(ME, BLOCKS if sight.blocks else None)
    return and_(listed(), or_(*(_shows_publicly(table) for table in (ProfileEntry, Position, Relation))))


def can_edit_profile(by: Viewer, person_id: int) -> bool:
    """A profile is its person's own."""
    return by.system or by.is_person(person_id)


def _shares_kind(kinds: tuple[str, ...], person_id: Any) -> ColumnElement[bool]:
    other = Relation.__table__.alias("kin")  # short: long statements are not remembered
    return exists(select(other.c.id).where(other.c.person_id == person_id, is_word(other.c.kind, *kinds)))


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
