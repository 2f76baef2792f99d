"""Told influence: the member's own, and what waits for staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.core.db import get_one, scalars
from portal.core.pages import Page, keyset
from portal.people.faces import FACE
from portal.people.models import Person
from portal.referrals import policies
from portal.referrals.models import InfluenceStory

if TYPE_CHECKING:
    from sqlalchemy import Row

    from portal.core.access import Viewer

NO_STORY = "There is no such story."
PAGE_SIZE = 24


def own_stories(viewer: Viewer) -> list[InfluenceStory]:
    """What the viewer told, newest first."""
    mine = select(InfluenceStory).where(InfluenceStory.person_id == viewer.person_id)
    return scalars(mine.order_by(InfluenceStory.id.desc()).limit(100))


def stories(viewer: Viewer, state: str, after: str | None, before: str | None) -> Page[Row[Any]]:
    """What members told: what waits oldest first, what was answered newest first."""
    found = select(
        InfluenceStory.public_id, InfluenceStory.company, InfluenceStory.when.label("when"), InfluenceStory.what, InfluenceStory.state,
        InfluenceStory.reason, InfluenceStory.created_at, InfluenceStory.person_id, *FACE,
    ).join(Person, Person.id == InfluenceStory.person_id)  # fmt: skip
    waits = state == "told"
    wanted = InfluenceStory.state == "told" if waits else InfluenceStory.state != "told"
    return keyset(found.where(wanted), [InfluenceStory.id], size=PAGE_SIZE, after=after, before=before, ascending=waits)


def story_for(viewer: Viewer, public_id: str) -> InfluenceStory:
    """A story, for those who answer them."""
    found = select(InfluenceStory).where(InfluenceStory.public_id == public_id)
    if not policies.reads_stories(viewer):
        found = found.where(InfluenceStory.person_id == viewer.person_id)
    return get_one(found.with_for_update(), NO_STORY)
