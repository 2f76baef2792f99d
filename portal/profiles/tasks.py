"""What a profile still asks of its person: the first steps, one card each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from sqlalchemy import or_, select

from portal.careers.models import Position
from portal.core import clock
from portal.core.db import db, scalars
from portal.core.parts import TaskCard
from portal.profiles.models import ProfileEntry

if TYPE_CHECKING:
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
    done = set(scalars(select(ProfileEntry.field).where(ProfileEntry.person_id == viewer.person_id).distinct()))
    if _has_a_current_position(viewer.person_id):
        done.add("career")
    return [
        TaskCard(label, url_for(endpoint), icon=icon)
        for step, (label, endpoint, icon) in STEPS.items()
        if step not in done
    ]


def _has_a_current_position(person_id: int | None) -> bool:
    today = clock.today()
    open_ones = or_(Position.ends_on.is_(None), Position.ends_on > today)
    found = select(Position.id).where(Position.person_id == person_id, open_ones).limit(1)
    return db.session.execute(found).first() is not None
