"""Green to call: one predicate for the list, the page, the action and the moment of sending (A2, A4).

Each condition is a clause over `Advocate` and `Person`; the light and the reasons are made of the same clauses.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, exists, func, literal, or_, select

from portal.advocates.models import REST_CHOICES, Act, Advocate
from portal.advocates.policies import checked_in, in_programme, present, sees_everybody, unflagged
from portal.asks.models import COUNTED, Ask
from portal.consents.policies import in_force
from portal.core import settings
from portal.core.db import UTCDateTime
from portal.people.models import Person

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer

GREEN, RESTING, PAUSED = "green", "resting", "paused"
NEUTRAL = "Resting: nobody can be asked here just now. The programme's manager can help you further."


def can_ask(by: Viewer) -> bool:
    """Staff, sellers and the programme's manager ask."""
    return in_programme(by) and not by.is_suspended


def can_override(by: Viewer) -> bool:
    """Only the manager asks beyond caps and rest, with a reason and the advocate's yes (A4)."""
    return by.has_role("manager")


def can_see_ask(by: Viewer, ask: Ask) -> bool:
    """The advocate, who asked, and those who look after advocates."""
    return by.is_person(ask.person_id) or runs_ask(by, ask)


def runs_ask(by: Viewer, ask: Ask) -> bool:
    """Who asked, and those who look after advocates, bring it to its end."""
    return in_programme(by) and (sees_everybody(by) or by.is_person(ask.asked_by_id))


def can_answer(by: Viewer, ask: Ask) -> bool:
    """The advocate, or the system for whoever opened the mailed link."""
    return by.system or by.is_person(ask.person_id)


def can_log_outside(by: Viewer) -> bool:
    """Favours asked beside the portal are logged by anybody who asks: no blame, they only have to count (A4)."""
    return can_ask(by)


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """The asks that a viewer finds in the programme."""
    return Ask.id.is_not(None) if sees_everybody(viewer) else Ask.asked_by_id == viewer.person_id


def here() -> ColumnElement[bool]:
    """The person is here and can be written to: not stepped back, not remembered (I15)."""
    return and_(Person.listed, Person.remembered_at.is_(None))


def rested(at: datetime, beside: int | None = None) -> ColumnElement[bool]:
    """No ask within the rest, the house's or the advocate's own longer one; every ask counts (A4)."""
    house = settings.get("advocate_rest_days")
    own = {days: _ago(at, max(days, house)) for days in REST_CHOICES if days}
    since = case(own, value=Advocate.rest_days, else_=_ago(at, house))
    asked = [Ask.person_id == Advocate.person_id, Ask.asked_at > since]
    if beside is not None:
        asked.append(Ask.id != beside)
    return ~exists(select(Ask.id).where(*asked)).correlate(Advocate)


def _ago(at: datetime, days: int) -> ColumnElement[datetime]:
    return literal(at - timedelta(days=days), UTCDateTime())


def below_calls(at: datetime, beside: int | None = None) -> ColumnElement[bool]:
    """Fewer calls in the rolling quarter than the house, or the advocate, allows (A4)."""
    most = settings.get("advocate_calls")
    allowed = case((Advocate.own_calls < most, Advocate.own_calls), else_=most)
    since = at - timedelta(days=settings.get("advocate_call_days"))
    calls = [Ask.person_id == Advocate.person_id, Ask.asked_at > since, Ask.is_call, Ask.state.in_(COUNTED)]
    if beside is not None:
        calls.append(Ask.id != beside)
    count = select(func.count(Ask.id)).where(*calls).correlate(Advocate).scalar_subquery()
    return count < allowed


def willing_to(consent_kind: Any, at: datetime) -> ColumnElement[bool]:
    """The consent for that act is in force (A2 a)."""
    return in_force(Advocate.person_id, consent_kind, at)


def well(at: datetime) -> ColumnElement[bool]:
    """Nothing but the act itself stands against asking: here, no flag, not away, rested."""
    return and_(here(), unflagged(), present(at.date()))


def green_for(act: Act, at: datetime, *, beside: int | None = None, override: bool = False) -> ColumnElement[bool]:
    """All of: consent, check-in, no flag, present, rest and caps; `beside` leaves one ask out, which is being sent.

    An override leaves out rest and caps, never what the advocate said.
    """
    said = [well(at), willing_to(act.consent_kind, at), checked_in(literal(act.is_call), at)]
    if act.closed_at is not None:
        return and_(literal(1) == 0, *said)
    if not override:
        said.append(rested(at, beside))
        if act.is_call:
            said.append(below_calls(at, beside))
    return and_(*said)


def any_act(at: datetime, *extra: ColumnElement[bool]) -> ColumnElement[bool]:
    """There is an open act to which the consent is in force, and for which all of this holds too."""
    found = select(Act.id).where(Act.closed_at.is_(None), in_force(Advocate.person_id, Act.consent_kind, at), *extra)
    return exists(found).correlate(Advocate)


def green_for_any(at: datetime) -> ColumnElement[bool]:
    """Green for at least one act."""
    fits = (checked_in(Act.is_call, at), or_(Act.is_call.is_(False), below_calls(at)))
    return and_(well(at), rested(at), any_act(at, *fits))


def is_advocate(act: Act | None, at: datetime) -> ColumnElement[bool]:
    """Willing to this act, or to any."""
    return willing_to(act.consent_kind, at) if act is not None else any_act(at)


def light(act: Act | None, at: datetime) -> ColumnElement[str]:
    """Green, paused (a flag, or days left out) or resting, computed by the database."""
    green = green_for(act, at) if act is not None else green_for_any(at)
    paused = or_(~unflagged(), ~present(at.date()))
    return case((paused, PAUSED), (green, GREEN), else_=RESTING)
