"""What a profile still asks of its person: the first steps, one card each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from sqlalchemy import bindparam, literal, or_, select

from portal.careers.models import Position
from portal.core import clock
from portal.core.db import rows
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


_OPEN = or_(Position.ends_on.is_(None), Position.ends_on > bindparam("today", type_=Position.ends_on.type))
# The names of the steps that need no card: fields that have a value, and a position that is open.
_DONE: Any = (
    select(ProfileEntry.field)
    .where(ProfileEntry.person_id == bindparam("me"))
    .union(select(literal("career")).where(Position.person_id == bindparam("me"), _OPEN))
)


def first_steps(viewer: Viewer) -> list[TaskCard]:
    """Steps that are still open; nothing for who is no member."""
    if not viewer.is_member:
        return []
    done = {row[0] for row in rows(_DONE, me=viewer.person_id, today=clock.today())}
    return [
        TaskCard(label, url_for(endpoint), icon=icon)
        for step, (label, endpoint, icon) in STEPS.items()
        if step not in done
    ]
