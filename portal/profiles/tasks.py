"""What a profile still asks of its person: the first steps, one card each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from sqlalchemy import bindparam, literal, or_, select

from portal.careers.models import Position
from portal.core import clock, glance
from portal.core.parts import TaskCard
from portal.profiles.models import ProfileEntry

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer

STEPS = {
    "photo": ("Add a photo of you", "profiles.photo", "camera"),
    "headline": ("Add a headline: one line that says what you do", "profiles.edit", "pencil"),
    "career": ("Say where you are now", "careers.moved", "briefcase"),
    "skill": ("Add what you know, so that people can find you by it", "profiles.edit", "tools"),
}


DATE = Position.ends_on.type


def _done(me: Any) -> ColumnElement[Any]:
    """The names of the steps that need no card: fields that have a value, and a position that is open."""
    open_ = or_(Position.ends_on.is_(None), Position.ends_on > bindparam(None, callable_=clock.today, type_=DATE))
    filled = select(ProfileEntry.field).where(ProfileEntry.person_id == me)
    done = filled.union(select(literal("career")).where(Position.person_id == me, open_)).subquery()
    return select(glance.collected(done.c.field)).scalar_subquery()


glance.for_tasks("profile_steps", _done)


def first_steps(viewer: Viewer) -> list[TaskCard]:
    """Steps that are still open; nothing for who is no member."""
    if not viewer.is_member:
        return []
    done = glance.listed(glance.of("profile_steps", viewer.person_id))
    return [
        TaskCard(label, url_for(endpoint), icon=icon)
        for step, (label, endpoint, icon) in STEPS.items()
        if step not in done
    ]
