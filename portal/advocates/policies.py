"""Who works in the programme, and what each may do there; what is the advocate's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Date, and_, bindparam, case, or_, select, union

from portal.advocates.models import Advocate, Flag, Nomination, Pause
from portal.core import settings
from portal.core.db import UTCDateTime

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import ColumnElement, Select

    from portal.core.access import Viewer

PROGRAMME = ("staff", "seller", "manager")
CARING = ("staff", "manager")


def in_programme(viewer: Viewer) -> bool:
    """Who finds the programme's pages at all."""
    return viewer.has_role(*PROGRAMME)


def sees_everybody(viewer: Viewer) -> bool:
    """A seller is told the names of those who may be asked now, and of nobody else (A2)."""
    return viewer.has_role(*CARING)


def sees_reasons(viewer: Viewer) -> bool:
    """Why somebody is not green is for the programme's manager; for others it is “resting” (A2)."""
    return viewer.has_role("manager")


def can_keep_acts(viewer: Viewer) -> bool:
    """The list of acts and their wordings."""
    return viewer.system or viewer.has_role("manager", "admin")


def can_invite_to_opt_in(viewer: Viewer) -> bool:
    """Asking members whether they would like to."""
    return viewer.system or viewer.has_role("manager", "admin")


def can_keep_own(by: Viewer, person_id: int) -> bool:
    """The opt-in, its limits and its withdrawal are the person's own; nobody consents for another (A1, R25)."""
    return by.is_member and by.is_person(person_id)


def can_answer(by: Viewer, person_id: int) -> bool:
    """The answer to a check-in: the person, or the system for whoever opened the mailed link."""
    return by.system or by.is_person(person_id)


def can_check_in(by: Viewer) -> bool:
    """Asking an advocate how they are."""
    return by.system or sees_everybody(by)


def can_raise_flag(by: Viewer, person_id: int) -> bool:
    """The advocate, and everybody who works in the programme (A3)."""
    return by.system or by.is_person(person_id) or in_programme(by)


def can_close_flag(by: Viewer) -> bool:
    """Only the programme's manager."""
    return by.has_role("manager")


def can_nominate(by: Viewer) -> bool:
    """Any member; and the system, out of the company's own list."""
    return by.system or (by.is_member and not by.is_suspended)


def can_tend(by: Viewer) -> bool:
    """First contact, the invitation, the end of a nomination."""
    return sees_everybody(by)


def nominations_of(viewer: Viewer) -> ColumnElement[bool]:
    """Who tends nominations sees all; others those that they made, and the one of themselves."""
    if sees_everybody(viewer):
        return Nomination.id.is_not(None)
    return or_(Nomination.nominated_by_id == viewer.person_id, Nomination.person_id == viewer.person_id)


def times(at: datetime) -> dict[str, Any]:
    """The moments that the clauses below are filled in with."""
    return {
        "at": at,
        "today": at.date(),
        "call_valid": at - timedelta(days=settings.get("check_in_call_days")),
        "other_valid": at - timedelta(days=settings.get("check_in_other_days")),
    }


def checked_in(is_call: Any) -> ColumnElement[bool]:
    """A *yes* that is younger than its validity: shorter for calls (A2 b)."""
    limit = case((is_call, _moment("call_valid")), else_=_moment("other_valid"))
    return and_(Advocate.answer == "yes", Advocate.answered_at > limit)


def unflagged() -> ColumnElement[bool]:
    """No flag is open (A2 c)."""
    is_open = (Flag.person_id == Advocate.person_id, Flag.closed_at.is_(None))
    return _nothing(select(Flag.id).where(*is_open))


def present() -> ColumnElement[bool]:
    """The advocate has not said “not then” for this day."""
    today = bindparam("today", type_=Date())
    then = (Pause.person_id == Advocate.person_id, Pause.starts_on <= today, Pause.ends_on >= today)
    return _nothing(select(Pause.id).where(*then))


def _nothing(found: Select[int]) -> ColumnElement[bool]:
    """No such row; a value and no EXISTS, which PostgreSQL would answer by reading everybody's rows."""
    return found.limit(1).correlate(Advocate).scalar_subquery().is_(None)


def paused_ids() -> Select[int]:
    """The same two asked from the other side: whoever has an open flag, or left out this day."""
    today = bindparam("today", type_=Date())
    flagged = select(Flag.person_id).where(Flag.closed_at.is_(None))
    away = select(Pause.person_id).where(Pause.ends_on >= today, Pause.starts_on <= today)
    return select(union(flagged, away).subquery().c[0])


def _moment(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=UTCDateTime())
