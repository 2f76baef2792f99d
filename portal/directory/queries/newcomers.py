"""Who came lately to the firms where one has been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, func, select

from portal.careers.models import Position
from portal.core.db import rows, scalars
from portal.core.memory import Memory
from portal.directory import policies
from portal.organisations.models import Organisation
from portal.people.faces import FACE
from portal.people.models import Person
from portal.people.policies import is_real
from portal.profiles.policies import ME, Sight, people_for, seeing, sight_of, visible_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select

    from portal.core.access import Viewer

_mine = Position.__table__.alias("my_position")
_newcomers: Memory[Sight, Select[*tuple[Any, ...]]] = Memory(100)


def newcomers(viewer: Viewer, since: datetime, limit: int) -> Sequence[Row[Any]]:
    """Members who came since, of those whom the viewer may know: they were at one firm, as far as the viewer sees."""
    sight = sight_of(viewer)
    statement = _newcomers.get(sight, lambda: _newcomers_for(sight))
    return rows(statement, since=since, most=limit, **seeing(viewer))


def _newcomers_for(sight: Sight) -> Select[*tuple[Any, ...]]:
    shared = (
        select(func.min(Organisation.name))
        .join(Position, Position.organisation_id == Organisation.id)
        .where(
            Position.person_id == Person.id,
            Organisation.id.in_(select(_mine.c.organisation_id).where(_mine.c.person_id == ME)),
            visible_to(sight, Position.audience, Position.person_id),
        )
        .correlate(Person)
        .scalar_subquery()
    )
    lately = and_(Person.claimed_at > bindparam("since", type_=Person.claimed_at.type), Person.id != ME)
    # The bare `listed` is what the index of newcomers is for; oneself, whom `people_for` lets in, is no newcomer here.
    found = select(*FACE, Person.claimed_at, shared.label("firm")).where(
        Person.listed, people_for(sight), lately, shared.is_not(None), is_real()
    )
    newest = found.order_by(Person.claimed_at.desc(), Person.id.desc())
    return newest.limit(bindparam("most", type_=Integer))


def still_met(viewer: Viewer, ids: set[int]) -> set[int]:
    """Which of these persons the viewer may meet now."""
    found = select(Person.id).where(Person.id.in_(ids), policies.findable_by(sight_of(viewer)))
    return set(scalars(found, **seeing(viewer)))
