"""Who may report, look, decide, confirm, reverse and answer appeals; nobody moderates their own case (M5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, false, or_, true

from portal.core import clock, settings
from portal.moderation.models import Appeal, Case, Decision, Report
from portal.moderation.reasons import AT_ONCE, KEEPING, TOLD
from portal.people import policies as people

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer

ONE_PERSON_DAYS = 7  # a longer pause needs two people (M5)
SECOND_HOURS = 72  # how long a staff moderator's removal may wait for somebody who is not staff (M3)
REPORTERS_THAT_HIDE = 3  # M4


def is_moderator(viewer: Viewer) -> bool:
    """Trusted with all boards or with some; not while suspended."""
    return viewer.is_member and not viewer.is_suspended and (viewer.has_role("moderator") or bool(viewer.moderates))


def has_queue(viewer: Viewer) -> bool:
    """Moderators, and admins, who may have to agree to a long suspension."""
    return is_moderator(viewer) or (viewer.has_role("admin") and not viewer.is_suspended)


def in_scope(viewer: Viewer, board_id: int | None) -> bool:
    """All cases for the role; those of their own boards for who keeps boards; a role of the staff alone opens none."""
    if not is_moderator(viewer):
        return False
    return viewer.has_role("moderator") or (board_id is not None and board_id in viewer.moderates)


def cases_of(viewer: Viewer) -> ColumnElement[bool]:
    """Cases that this viewer may look into: in scope, and not about themselves."""
    if not is_moderator(viewer):
        return false()
    scope = true() if viewer.has_role("moderator") else Case.board_id.in_(viewer.moderates)
    return and_(scope, Case.author_id != viewer.person_id)


def not_reported_by(viewer: Viewer) -> ColumnElement[bool]:
    """Cases that the viewer has not reported: a complaint is one's own case too (M5)."""
    return ~exists().where(Report.case_id == Case.id, Report.reporter_id == viewer.person_id)


def suspensions_of(viewer: Viewer) -> ColumnElement[bool]:
    """Suspensions that this viewer may be asked to agree to."""
    allowed = viewer.has_role("moderator", "admin") and not viewer.is_suspended
    return and_(Decision.verb == "suspend", Case.author_id != viewer.person_id) if allowed else false()


def confirmable_by(viewer: Viewer) -> ColumnElement[bool]:
    """Decisions that wait for this viewer's second look."""
    look = cases_of(viewer) if not viewer.is_staff else and_(cases_of(viewer), Decision.second == "anyone")
    mine = or_(and_(look, Decision.verb != "suspend"), and_(suspensions_of(viewer), _second_allows(viewer)))
    pending = and_(Decision.in_force_at.is_(None), Decision.reversed_at.is_(None))
    return and_(pending, Decision.by_id != viewer.person_id, not_reported_by(viewer), mine)


def _second_allows(viewer: Viewer) -> ColumnElement[bool]:
    return Decision.second == "anyone" if viewer.is_staff else true()


def appeals_of(viewer: Viewer) -> ColumnElement[bool]:
    """Open appeals that this viewer may answer: never against their own decision (M3)."""
    others = and_(
        Decision.by_id != viewer.person_id,
        or_(Decision.second_by_id.is_(None), Decision.second_by_id != viewer.person_id),
    )
    scope = and_(cases_of(viewer), Decision.verb != "suspend") if not viewer.has_role("moderator") else cases_of(viewer)
    if viewer.has_role("admin"):
        scope = or_(scope, suspensions_of(viewer))
    return and_(Appeal.state == "open", others, not_reported_by(viewer), scope)


def can_report(by: Viewer, author_id: int) -> bool:
    """Any member may report what others wrote."""
    return by.is_member and not by.is_person(author_id)


def can_look_into(viewer: Viewer, board_id: int | None, author_id: int) -> bool:
    """Open a case and read it; nobody their own."""
    return in_scope(viewer, board_id) and not viewer.is_person(author_id)


def can_decide(viewer: Viewer, board_id: int | None, author_id: int, *, reported: bool) -> bool:
    """Decide a case in scope that is neither about oneself nor reported by oneself (M5)."""
    return can_look_into(viewer, board_id, author_id) and not reported


def can_take_up(by: Viewer, kind: str, board_id: int | None, author_id: int, verb: str) -> bool:
    """Decide at one's own initiative; an admin without the role may only suspend a person."""
    if can_look_into(by, board_id, author_id):
        return True
    return (
        verb == "suspend"
        and kind == "profile"
        and by.has_role("admin")
        and not by.is_suspended
        and not by.is_person(author_id)
    )


def can_suspend(by: Viewer, author: Viewer) -> bool:
    """The role moderator or admin, as people's rule says; not while suspended oneself."""
    return people.can_suspend(by, author) and not by.is_suspended


def second_needed(by: Viewer, *, hides: bool, reason: str, until: datetime | None, since: datetime) -> str:
    """Who else has to agree: somebody not staff for a staff member's removal (M3), anyone for a long pause (M5)."""
    if hides and by.is_staff and reason not in AT_ONCE:
        return "not_staff"
    if until is not None and until - since > timedelta(days=ONE_PERSON_DAYS):
        return "anyone"
    return ""


def can_confirm(by: Viewer, decision: Decision, case: Case, *, reported: bool) -> bool:
    """Agree to a decision, or refuse it: somebody else, in scope, and not staff where that is asked for."""
    if not decision.is_pending or by.is_person(decision.by_id) or by.is_person(case.author_id) or reported:
        return False
    if decision.second == "not_staff" and by.is_staff:
        return False
    if decision.verb == "suspend":
        return by.has_role("moderator", "admin") and not by.is_suspended
    return in_scope(by, case.board_id)


def can_reverse(by: Viewer, decision: Decision, case: Case, *, reported: bool, appealed: bool) -> bool:
    """Take back what holds, one's own decision included; while an appeal is open only by answering that."""
    if not decision.is_in_force or decision.verb in KEEPING or by.is_person(case.author_id) or reported or appealed:
        return False
    if decision.verb == "suspend":
        return by.has_role("moderator", "admin") and not by.is_suspended
    return in_scope(by, case.board_id)


def can_appeal(by: Viewer, decision: Decision, case: Case, *, appealed: bool) -> bool:
    """The author, once, while there is time."""
    if not by.is_person(case.author_id) or not decision.is_in_force or decision.verb not in TOLD or appealed:
        return False
    return clock.now() <= appeal_until(decision)


def appeal_until(decision: Decision) -> datetime:
    """The last moment for an appeal."""
    return (decision.in_force_at or decision.at) + timedelta(days=settings.get("appeal_days"))


def can_answer_appeal(by: Viewer, appeal: Appeal, decision: Decision, case: Case, *, reported: bool) -> bool:
    """Somebody else: neither who decided, nor who agreed, nor the author, nor a reporter (M3, M5)."""
    if appeal.state != "open" or reported or by.person_id in (decision.by_id, decision.second_by_id, case.author_id):
        return False
    if decision.verb == "suspend":
        return by.has_role("moderator", "admin") and not by.is_suspended
    return in_scope(by, case.board_id)


def can_see_decision(viewer: Viewer, decision: Decision, case: Case) -> bool:
    """Who may look into the case, and for suspensions admins."""
    if can_look_into(viewer, case.board_id, case.author_id):
        return True
    return decision.verb == "suspend" and viewer.has_role("admin") and not viewer.is_person(case.author_id)
