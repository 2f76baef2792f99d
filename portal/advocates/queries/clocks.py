"""The clocks that run on nominations and flags: rows of a few columns, from statements that are prepared once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import aliased

from portal.advocates.models import Flag, Nomination
from portal.core.db import rows
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from portal.core.access import Viewer

_Owner = aliased(Person)
_MOST = bindparam("most", type_=Integer)
_NOMINATED = (
    select(
        Nomination.public_id, Nomination.due_at, Nomination.created_at, _Owner.full_name.label("owner"),
        func.coalesce(Person.full_name, Nomination.contact_name).label("nominee"),
    )
    .outerjoin(Person, Person.id == Nomination.person_id)
    .outerjoin(_Owner, _Owner.id == Nomination.owner_id)
    .where(Nomination.state == "waiting")
    .order_by(Nomination.due_at, Nomination.id)
    .limit(_MOST)
)  # fmt: skip
_FLAGGED = (
    select(Flag.raised_at, Person.full_name.label("advocate"), _Owner.full_name.label("owner"))
    # Outer, so that the flags are read along their own index.
    .outerjoin(Person, Person.id == Flag.person_id)
    .outerjoin(_Owner, _Owner.id == Flag.owner_id)
    .where(Flag.closed_at.is_(None))
    .order_by(Flag.raised_at, Flag.id)
    .limit(_MOST)
)


_MY_NOMINATED = _NOMINATED.where(Nomination.owner_id == bindparam("me"))
_MY_FLAGGED = _FLAGGED.where(Flag.owner_id == bindparam("me"))


def nominations_due(viewer: Viewer, limit: int, *, mine: bool) -> Sequence[Row[Any]]:
    """Nominations without a first contact, the most urgent first: all, or those that the viewer looks after."""
    return rows(_MY_NOMINATED, me=viewer.person_id, most=limit) if mine else rows(_NOMINATED, most=limit)


def flags_due(viewer: Viewer, limit: int, *, mine: bool) -> Sequence[Row[Any]]:
    """Open flags, the oldest first: all, or those that the viewer looks after."""
    return rows(_MY_FLAGGED, me=viewer.person_id, most=limit) if mine else rows(_FLAGGED, most=limit)
