"""The searches that a member keeps, and who is new in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from sqlalchemy import Integer, bindparam, exists, or_, select

from portal.careers.models import Position
from portal.core.db import get_one, rows, scalars
from portal.core.memory import Memory
from portal.directory import policies
from portal.directory.models import SavedSearch
from portal.directory.queries.filters import Filters, Shape, shape_of, wanted_values
from portal.directory.queries.people import all_clauses
from portal.people.faces import FACE
from portal.people.models import Person
from portal.profiles.models import ProfileEntry
from portal.profiles.policies import ME, Sight, seeing, sight_of, visible_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select

    from portal.core.access import Viewer

_matches: Memory[tuple[Sight, Shape], Select[*tuple[Any, ...]]] = Memory(500)


def saved_searches(viewer: Viewer) -> list[SavedSearch]:
    """The member's searches, by name."""
    found = select(SavedSearch).where(SavedSearch.person_id == viewer.person_id)
    return scalars(found.order_by(SavedSearch.name, SavedSearch.id))


def own_search(viewer: Viewer, public_id: str) -> SavedSearch:
    """One of the member's searches."""
    found = select(SavedSearch).where(SavedSearch.public_id == public_id, SavedSearch.person_id == viewer.person_id)
    return get_one(found, "There is no such search.")


def filters_of(saved: SavedSearch) -> Filters:
    """What a kept search looks for."""
    return Filters.of(dict(parse_qsl(saved.query)))


def new_matches(viewer: Viewer, saved: SavedSearch, since: datetime, limit: int) -> Sequence[Row[Any]]:
    """Who is found by a kept search and came, or showed something more, since; the newest members first."""
    wanted, sight = filters_of(saved), sight_of(viewer)
    shape = shape_of(wanted)
    statement = _matches.get((sight, shape), lambda: _new(sight, shape))
    lately = {"since": max(since, saved.created_at), "most": limit}
    return rows(statement, **wanted_values(wanted), **seeing(viewer), **lately)


def _new(sight: Sight, shape: Shape) -> Select[*tuple[Any, ...]]:
    found = select(*FACE, Person.claimed_at).where(policies.findable_by(sight), Person.id != ME)
    found = found.where(*all_clauses(sight, shape), _changed(sight))
    newest = found.order_by(Person.claimed_at.desc(), Person.id.desc())
    return newest.limit(bindparam("most", type_=Integer))


def _changed(sight: Sight) -> ColumnElement[bool]:
    """Only what the viewer sees counts: that something hidden changed is not told either."""
    since = bindparam("since", type_=Person.claimed_at.type)
    came: list[ColumnElement[bool]] = [Person.claimed_at > since]
    for table, changed_at in ((Position, Position.created_at), (ProfileEntry, ProfileEntry.changed_at)):
        seen = visible_to(sight, table.audience, table.person_id)
        came.append(
            exists(select(table.id).where(table.person_id == Person.id, changed_at > since, seen).correlate(Person))
        )
    return or_(*came)
