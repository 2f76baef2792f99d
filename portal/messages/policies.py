"""Who may say hello to whom, answer, and see what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_

from portal.accounts.policies import calm_ends, is_calm
from portal.core import clock
from portal.messages.models import OPEN, WITHDRAWN, Hello

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer


def can_say_hello(by: Viewer, person_id: int) -> bool:
    """Members say hello to others, unless they are suspended or have just got their account back (R14)."""
    return by.is_member and not by.is_person(person_id) and not by.is_suspended and not is_calm(by, clock.now())


def calm(by: Viewer) -> str:
    """Why somebody who has just got their account back says no hello yet, and from when on; else nothing (R14)."""
    if not is_calm(by, clock.now()):
        return ""
    ends = calm_ends(by, by.timezone)
    return f"This account was given back less than a week ago. From {ends} on, you can say hello."


def can_answer(by: Viewer, hello: Hello) -> bool:
    """Only who was greeted answers, once."""
    return by.is_member and by.is_person(hello.recipient_id) and hello.state == OPEN


def can_withdraw(by: Viewer, hello: Hello) -> bool:
    """Who said it may take it back while it waits."""
    return by.is_member and by.is_person(hello.sender_id) and hello.state == OPEN


def can_take_out(by: Viewer) -> bool:
    """Moderators take the words of a reported hello out; that it was reported is moderation's to know."""
    return by.system or by.has_role("moderator", "admin")


def received_by(viewer: Viewer) -> ColumnElement[bool]:
    """What was said to the viewer; what was taken back was never said."""
    return and_(Hello.recipient_id == viewer.person_id, Hello.state != WITHDRAWN)


def sent_by(viewer: Viewer) -> ColumnElement[bool]:
    """What the viewer said."""
    return Hello.sender_id == viewer.person_id


def readable_by(viewer: Viewer) -> ColumnElement[bool]:
    """Only the two of them read it (P6)."""
    return or_(received_by(viewer), sent_by(viewer))
