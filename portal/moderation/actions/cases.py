"""Cases: opened once a thing, claimed by one moderator at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from portal.core import audit, clock, settings
from portal.core.db import db, upsert
from portal.core.errors import Conflict
from portal.core.policy import require
from portal.moderation import policies, queries
from portal.moderation.models import Case
from portal.moderation.telling import call_moderators

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer
    from portal.core.parts import ReportedThing

NOT_YOURS = "This case is not yours to decide. Nobody decides about themselves or about what they reported."


def open_case(thing: ReportedThing, origin: str, *, by: Viewer) -> Case:
    """The case about a thing that is not closed, or a new one; two at once get the same one."""
    require(by.is_member or by.system, "Please sign in first.")
    key = f"{thing.kind}:{thing.public_id}"
    values = {
        "kind": thing.kind,
        "thing_id": thing.public_id,
        "board_id": thing.board_id,
        "author_id": thing.author_id,
        "title": thing.title[:300],
        "html": thing.html,
        "origin": origin,
        "open_key": key,
    }
    made = db.session.execute(
        upsert(Case.__table__, values, keys=["open_key"]).returning(Case.__table__.c.id)
    ).scalar_one_or_none()
    case = queries.case_by_id(made or db.session.execute(select(Case.id).where(Case.open_key == key)).scalar_one())
    if made and origin != "moderator":
        call_moderators(case)
    return case


def open_held_case(thing: ReportedThing, *, by: Viewer) -> Case:
    """A new member's post waits for a moderator."""
    require(by.is_member or by.system, "Please sign in first.")
    return open_case(thing, "held", by=by)


def drop_held_case(kind: str, thing_id: str, *, by: Viewer) -> None:
    """The author took a held post back before anybody had looked: nothing waits any more."""
    require(by.is_member or by.system, "Please sign in first.")
    waiting = (
        Case.open_key == f"{kind}:{thing_id}",
        Case.origin == "held",
        Case.state == "open",
        Case.reports_count == 0,
    )
    db.session.execute(update(Case).where(*waiting).values(state="dropped", open_key=None, decided_at=clock.now()))


def claim(case: Case, *, by: Viewer) -> None:
    """Say that one is on it, so that nobody else is; for half an hour."""
    require(
        policies.can_decide(by, case.board_id, case.author_id, reported=queries.is_reporter(by, case.id)), NOT_YOURS
    )
    taken = (
        update(Case).where(Case.id == case.id, free_for(by)).values(claimed_by_id=by.person_id, claimed_at=clock.now())
    )
    if db.session.execute(taken.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("Another moderator has taken this case in the meantime.")
    audit.record("claim case", case, by=by)


def release(case: Case, *, by: Viewer) -> None:
    """Give a case back to the queue."""
    require(by.is_person(case.claimed_by_id), "You can only give back what you have taken.")
    case.claimed_by_id, case.claimed_at = None, None
    audit.record("release case", case, by=by)


def free_for(by: Viewer) -> ColumnElement[bool]:
    """Cases that nobody else is on."""
    return or_(Case.claimed_by_id.is_(None), Case.claimed_by_id == by.person_id, Case.claimed_at < claims_since())


def claims_since() -> datetime:
    """A claim made before this has run out."""
    return clock.now() - timedelta(minutes=settings.get("claim_minutes"))
