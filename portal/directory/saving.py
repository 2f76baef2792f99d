"""The searches that a member keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlalchemy import func, select

from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.directory import policies
from portal.directory.models import SavedSearch
from portal.people.queries import lock_person

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.directory.queries import Filters

MOST, LONGEST = 20, 80
SIGN_IN, NOT_YOURS = "Please sign in first.", "You can only change your own searches."


def save_search(wanted: Filters, name: str, *, by: Viewer) -> SavedSearch:
    """Keep a search under a name; the same search again only takes the new name."""
    require(policies.can_search(by), SIGN_IN)
    if not wanted.given:
        raise Invalid("Search for something first, then keep it.", "name")
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST:
        raise Invalid(f"Give it a name of at most {LONGEST} characters.", "name")
    me = by.person_id or 0
    lock_person(me)
    query = urlencode(wanted.given)
    mine = select(SavedSearch).where(SavedSearch.person_id == me)
    known = db.session.execute(mine.where(SavedSearch.query == query)).scalar_one_or_none()
    if known is not None:
        known.name = name
        return known
    if db.session.execute(select(func.count()).select_from(mine.subquery())).scalar_one() >= MOST:
        raise Invalid(f"You keep {MOST} searches already. Remove one that you need no more.", "name")
    return add(SavedSearch(person_id=me, name=name, query=query))


def remove_search(saved: SavedSearch, *, by: Viewer) -> None:
    """Keep it no more."""
    require(by.is_person(saved.person_id), NOT_YOURS)
    db.session.delete(saved)
    db.session.flush()
