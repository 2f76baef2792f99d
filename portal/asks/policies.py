"""Green to call: one predicate for the list, the page, the action and the moment of sending (A2, A4).

Each condition is a clause over `Advocate` and `Person`; the light and the reasons are made of the same clauses.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Integer, String, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.advocates.models import REST_CHOICES, Act, Advocate
from portal.advocates.policies import checked_in, in_programme, present, sees_everybody, times, unflagged
from portal.asks.models import COUNTED, Ask
from portal.consents.models import Consent
from portal.consents.policies import holds, in_force
from portal.core import clock, settings
from portal.core.db import UTCDateTime
from portal.core.sets import is_word
from portal.people.models import Person

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import ColumnElement

    from portal.advocates.queries import OpenAct
    from portal.core.access import Viewer

GREEN, RESTING, PAUSED = "green", "resting", "paused"
NEUTRAL = "Resting: nobody can be asked here just now. The programme's manager can help you further."


def can_ask(by: Viewer) -> bool:
    """Staff, sellers and the programme's manager ask."""
    return in_programme(by) and not by.is_suspended


def can_override(by: Viewer) -> bool:
    """Only the manager asks beyond caps and rest, with a reason and the advocate's yes (A4)."""
    return by.has_role("manager")


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


def terms(*, beside: int = 0, act: Act | OpenAct | None = None) -> dict[str, Any]:
    """What the clauses below are filled in with: this moment, the host's numbers of today, maybe one act.

    `beside` leaves one ask out of rest and caps: the one that is being sent.
    """
    at, house = clock.now(), settings.get("advocate_rest_days")
    rests = {f"rest_{days}": at - timedelta(days=max(days, house)) for days in REST_CHOICES}
    quarter = at - timedelta(days=settings.get("advocate_call_days"))
    moments = times(at)
    valid = moments["call_valid" if act is not None and act.is_call else "other_valid"]
    one = {"act_key": act.key if act is not None else "", "act_valid": valid}
    return {**moments, **rests, **one, "quarter": quarter, "most_calls": settings.get("advocate_calls"),
            "beside": beside}  # fmt: skip


def here() -> ColumnElement[bool]:
    """The person is here and can be written to: not stepped back, not remembered (I15)."""
    return and_(Person.listed, Person.remembered_at.is_(None))


def rested() -> ColumnElement[bool]:
    """No ask within the rest, the house's or the advocate's own longer one; every ask counts (A4)."""
    own = {days: _moment(f"rest_{days}") for days in REST_CHOICES if days}
    since = case(own, value=Advocate.rest_days, else_=_moment("rest_0"))
    asked = (Ask.person_id == Advocate.person_id, Ask.asked_at > since, Ask.id != _number("beside"))
    return ~exists(select(Ask.id).where(*asked)).correlate(Advocate)


def calls() -> ColumnElement[int]:
    """How many calls of the rolling quarter count (A4)."""
    counted = (
        Ask.person_id == Advocate.person_id, Ask.asked_at > _moment("quarter"), Ask.is_call, is_word(Ask.state, *COUNTED),
        Ask.id != _number("beside"),
    )  # fmt: skip
    return select(func.count(Ask.id)).where(*counted).correlate(Advocate).scalar_subquery()


def most_calls() -> ColumnElement[int]:
    """How many the house allows, or the advocate, if that is less (A4)."""
    return case((Advocate.own_calls < _number("most_calls"), Advocate.own_calls), else_=_number("most_calls"))


def below_calls() -> ColumnElement[bool]:
    """Fewer calls in the rolling quarter than are allowed (A4)."""
    return calls() < most_calls()


def well() -> ColumnElement[bool]:
    """Nothing but the act itself stands against asking: here, no flag, not away."""
    return and_(here(), unflagged(), present())


def willing() -> ColumnElement[bool]:
    """The consent for the act is in force, and the act is open (A2 a)."""
    return and_(Act.closed_at.is_(None), in_force(Advocate.person_id, Act.consent_kind, _moment("at")))


def green(*, override: bool = False) -> ColumnElement[bool]:
    """All of: consent, check-in, no flag, present, rest and caps, over `Advocate`, their `Person` and an `Act`.

    An override leaves out rest and caps, never what the advocate said.
    """
    said = (well(), willing(), checked_in(Act.is_call))
    return and_(*said) if override else and_(*said, rested(), or_(Act.is_call.is_(False), below_calls()))


def any_act(*extra: ColumnElement[bool]) -> ColumnElement[bool]:
    """There is an act to which the consent is in force, and for which all of this holds too.

    It walks the advocate's own few rows of the ledger, not the list of acts.
    """
    given = aliased(Consent)
    theirs = select(given.id).join(Act, Act.consent_kind == given.kind)
    theirs = theirs.where(*holds(given, Advocate.person_id, _moment("at")), Act.closed_at.is_(None), *extra)
    # A value instead of EXISTS: PostgreSQL would turn that into a walk over everybody's ledger.
    return theirs.limit(1).correlate(Advocate, Person).scalar_subquery().is_not(None)


def one_act(*extra: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same for the act whose key is filled in."""
    return any_act(Act.key == bindparam("act_key", type_=String()), *extra)


def paused() -> ColumnElement[bool]:
    """A flag is open, or the advocate left these days out."""
    return or_(~unflagged(), ~present())


def green_now(*, one: bool) -> ColumnElement[bool]:
    """Green for the act that is filled in, or for any."""
    return and_(_heard_from(one=one), well(), _may_be_asked(one=one))


def light(*, one: bool) -> ColumnElement[str]:
    """Green, paused or resting, computed by the database; for the act that is filled in, or for any."""
    green = and_(_heard_from(one=one), here(), _may_be_asked(one=one))  # nobody comes so far who is not well
    return case((paused(), PAUSED), (green, GREEN), else_=RESTING)


def _heard_from(*, one: bool) -> ColumnElement[bool]:
    """What most fail at, and costs nothing to look at; the act's own validity is asked again behind it."""
    return and_(
        Advocate.answer == "yes",
        Advocate.answered_at > _moment("act_valid") if one else Advocate.answered_at.is_not(None),
    )


def _may_be_asked(*, one: bool) -> ColumnElement[bool]:
    """Rest and caps leave an act for which they checked in."""
    some = one_act if one else any_act
    return and_(rested(), some(checked_in(Act.is_call), or_(Act.is_call.is_(False), below_calls())))


def _moment(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=UTCDateTime())


def _number(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=Integer())
