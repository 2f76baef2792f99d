"""Whose feed an address is, and what it holds: what its member may see at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.core import tokens
from portal.core.access import Viewer, viewer_of
from portal.core.db import db
from portal.core.errors import Missing
from portal.news.models import NewsFeed
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

NO_FEED = "This address is not in use, or not any more. Sign in and look under News for yours."


def reader_of(secret: str) -> Viewer:
    """The member behind an address that is in use; the feed of who is remembered is read by nobody (I15)."""
    found = select(NewsFeed.person_id).join(Person, Person.id == NewsFeed.person_id)
    mine = (
        NewsFeed.token_hash == tokens.digest(secret),
        Person.claimed_at.is_not(None),
        Person.remembered_at.is_(None),
    )
    person_id = db.session.execute(found.where(*mine)).scalar_one_or_none()
    if person_id is None:
        raise Missing(NO_FEED)
    return viewer_of(person_id)


def feed_since(viewer: Viewer) -> datetime | None:
    """Since when the member has an address, if they have one."""
    return db.session.execute(
        select(NewsFeed.created_at).where(NewsFeed.person_id == viewer.person_id)
    ).scalar_one_or_none()
