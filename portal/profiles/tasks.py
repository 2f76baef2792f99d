"""What a profile still asks of its person: the first steps, one card each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from sqlalchemy import literal, or_, select

from portal.careers.models import Position
from portal.core import clock
from portal.core.db import db
from portal.core.parts import TaskCard
from portal.profiles.models import ProfileEntry

if TYPE_CHECKING:
    from sqlalchemy import CompoundSelect

    from portal.core.access import Viewer

STEPS = {
    "photo": ("Add a photo of you", "profiles.photo", "camera"),
    "headline": ("Add a headline: one line that says what you do", "profiles.edit", "pencil"),
    "career": ("Say where you are now", "careers.moved", "briefcase"),
    "skill": ("Add what you know, so that people can find you by it", "profiles.edit", "tools"),
}


def first_steps(viewer: Viewer) -> list[TaskCard]:
    """Steps that are still open; nothing for who is no member."""
    if not viewer.is_member:
        return []
    done = set(db.session.scalars(_done(viewer.person_id)))
    return [
        TaskCard(label, url_for(endpoint), icon=icon)
        for step, (label, endpoint, icon) in STEPS.items()
        if step not in done
    ]


def _done(person_id: int | None) -> CompoundSelect[str]:
    """The names of the steps that need no card: fields that have a value, and a position that is open."""
    today = clock.today()
    open_ones = or_(Position.ends_on.is_(None), Position.ends_on > today)
    fields = select(ProfileEntry.field).where(ProfileEntry.person_id == person_id)
    return fields.union(select(literal("career")).where(Position.person_id == person_id, open_ones))
