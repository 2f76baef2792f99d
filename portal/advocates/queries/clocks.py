"""The clocks that run on nominations and flags: rows of a few columns, from statements that are prepared once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, bindparam, func, literal_column, select, union_all
from sqlalchemy.orm import aliased

from portal.advocates.models import Flag, Nomination
from portal.core.db import rows
from portal.core.sets import is_word
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, Select

    from portal.core.access import Viewer

_Owner = aliased(Person)
_MOST = bindparam("most", type_=Integer)
_CLOCKS: dict[str, tuple[Select[*tuple[Any, ...]], Any]] = {
    "nomination": (
        select(
            literal_column("'nomination'", String).label("what"), Nomination.public_id, Nomination.due_at, Nomination.created_at,
            _Owner.full_name.label("owner"), func.coalesce(Person.full_name, Nomination.contact_name).label("name"),
        )
        .outerjoin(Person, Person.id == Nomination.person_id)
        .outerjoin(_Owner, _Owner.id == Nomination.owner_id)
        .where(is_word(Nomination.state, "waiting"))
        .order_by(Nomination.due_at, Nomination.id)
        .limit(_MOST),
        Nomination.owner_id,
    ),
    "flag": (
        select(
            literal_column("'flag'", String).label("what"), literal_column("''", String).label("public_id"),
            Flag.raised_at.label("due_at"), Flag.raised_at.label("created_at"), _Owner.full_name.label("owner"),
            Person.full_name.label("name"),
        )
        # Outer, so that the flags are read along their own index.
        .outerjoin(Person, Person.id == Flag.person_id)
        .outerjoin(_Owner, _Owner.id == Flag.owner_id)
        .where(Flag.closed_at.is_(None))
        .order_by(Flag.raised_at, Flag.id)
        .limit(_MOST),
        Flag.owner_id,
    ),
}  # fmt: skip


@cache
def _due(sorts: tuple[str, ...], *, mine: bool) -> Any:
    wanted = (
        found.where(owner == bindparam("me")) if mine else found for found, owner in map(_CLOCKS.__getitem__, sorts)
    )
    return union_all(*(select(found.subquery()) for found in wanted))


def due(viewer: Viewer, sorts: tuple[str, ...], limit: int, *, mine: bool) -> Sequence[Row[Any]]:
    """Of each sort the most urgent: nominations without a first contact, open flags; all, or those that the viewer looks after."""
    return rows(_due(sorts, mine=mine), most=limit, **({"me": viewer.person_id} if mine else {})) if sorts else ()
