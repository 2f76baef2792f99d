"""The searches that a member keeps, and who is new in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from sqlalchemy import exists, or_, select

from portal.careers.models import Position
from portal.core.db import get_one, rows, scalars
from portal.directory import policies
from portal.directory.models import SavedSearch
from portal.directory.queries.filters import Filters, clauses
from portal.directory.queries.people import found_by_words
from portal.people.faces import FACE
from portal.people.models import Person
from portal.people.policies import is_real
from portal.profiles.models import ProfileEntry
from portal.profiles.policies import visible_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from portal.core.access import Viewer


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
    wanted = filters_of(saved)
    fits = list(clauses(viewer, wanted)) + ([found_by_words(viewer, wanted.q)] if wanted.q else [])
    found = select(*FACE, Person.claimed_at).where(
        policies.findable_by(viewer), Person.id != viewer.person_id, is_real(), *fits
    )
    lately = found.where(_changed(viewer, max(since, saved.created_at)))
    return rows(lately.order_by(Person.claimed_at.desc(), Person.id.desc()).limit(limit))


def _changed(viewer: Viewer, since: datetime) -> ColumnElement[bool]:
    """Only what the viewer sees counts: that something hidden changed is not told either."""
    came: list[ColumnElement[bool]] = [Person.claimed_at > since]
    for table, changed_at in ((Position, Position.created_at), (ProfileEntry, ProfileEntry.changed_at)):
        seen = visible_to(viewer, table.audience, table.person_id)
        came.append(
            exists(select(table.id).where(table.person_id == Person.id, changed_at > since, seen).correlate(Person))
        )
    return or_(*came)
