"""Caps hold for any sequence of asks, answers and overrides, and under load (A4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given
from hypothesis import settings as calmly
from hypothesis import strategies as some
from sqlalchemy import delete, func, select, update

from portal.advocates import actions as care
from portal.advocates import queries as care_queries
from portal.advocates.models import Advocate
from portal.asks import actions, queries
from portal.asks.models import COUNTED, Ask
from portal.core import clock, settings
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.jinja import day
from portal.people.queries import person_by_id
from tests.asks.story import CALL, QUOTE, Programme, tomorrow

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.browse import Browser

ASKERS, THREADS = 50, 16
STEPS = some.lists(
    some.tuples(
        some.sampled_from(("ask", "override", "outside", "accept", "decline", "stop", "lapse")),
        some.sampled_from((CALL, QUOTE)),
        some.integers(min_value=0, max_value=40),  # days that pass before the step
    ),
    min_size=1,
    max_size=10,
)


def calls_in(earlier: list[Ask], at: datetime) -> int:
    """A recount of the calls among earlier asks in the quarter before a moment."""
    since = at - timedelta(days=settings.get("advocate_call_days"))
    return sum(1 for one in earlier if one.is_call and one.state in COUNTED and one.asked_at > since)


@given(steps=STEPS)
@calmly(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_sequence_of_asks_passes_the_caps(programme: Programme, steps: list[Any]) -> None:
    """A4: one ask in the rest, two calls in the quarter; only what the manager overrode, with a reason, goes beyond."""
    db.session.execute(delete(Ask))
    ada = programme.advocate(f"Ada {id(steps)}")
    for step, act, days in steps:
        _let_time_pass(ada.id, days)
        _do(programme, ada.id, step, act)
        db.session.commit()
    asks = list(db.session.scalars(select(Ask).where(Ask.person_id == ada.id).order_by(Ask.id)))
    for number, one in enumerate(asks):
        if one.override_reason or one.outside:
            continue
        before = asks[:number]
        rest = timedelta(days=settings.get("advocate_rest_days"))
        assert all(one.asked_at - other.asked_at >= rest for other in before), "asked within the rest"
        assert not one.is_call or calls_in(before, one.asked_at) < settings.get("advocate_calls"), "a call too many"


def _let_time_pass(person_id: int, days: int) -> None:
    """Everything is so many days older; the check-in is renewed."""
    for one in db.session.scalars(select(Ask).where(Ask.person_id == person_id)):
        one.asked_at -= timedelta(days=days, seconds=1)
    now = clock.now()
    db.session.execute(update(Advocate).where(Advocate.person_id == person_id).values(answered_at=now, answer="yes"))
    db.session.flush()


def _do(programme: Programme, person_id: int, step: str, key: str) -> None:
    act, manager = care_queries.act(key), programme.by(programme.manager)
    waiting = queries.in_flight(person_id, ("waiting",))
    try:
        if step in ("ask", "override"):
            reason = "The deal of the year hangs on it." if step == "override" else ""
            person = person_by_id(person_id)
            actions.ask_advocate(person, act, programme.brief(), override_reason=reason, by=manager)
        elif step == "outside":
            actions.log_outside(person_by_id(person_id), act, "Asked by phone.", clock.today(), by=manager)
        elif waiting and step in ("accept", "decline"):
            (actions.accept if step == "accept" else actions.decline)(waiting[0], by=system_viewer())
        elif waiting and step == "stop":
            actions.take_back(waiting[0], by=manager)
        elif waiting:
            waiting[0].answer_by = clock.now() - timedelta(seconds=1)
            db.session.flush()
            actions.lapse_asks(by=system_viewer())
    except DomainError:
        db.session.rollback()


def test_fifty_asks_at_once_never_pass_the_cap(
    app: Portal, browse: Browser, programme: Programme, unlimited: None
) -> None:
    """A4: fifty people press the button at the same moment; one ask is made, the others get the neutral sentence."""
    ada = programme.advocate()
    sellers = [programme.make.member(roles=("seller",)) for _ in range(5)]
    pages = [browse.as_(sellers[n % 5]).open("ask_desk.new", public_id=ada.public_id) for n in range(ASKERS)]
    day = tomorrow().isoformat()
    db.session.remove()

    def send(n: int) -> tuple[int, str]:
        with app.app_context():
            answer = pages[n].insist("Send the ask", act=CALL, what=f"Number {n} of fifty asks.", by_date=day)
            return answer.status, answer.words

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda n: Context().run(send, n), range(ASKERS)))
    assert sorted({status for status, _ in answers}) == [200, 422]
    assert sum(status == 200 for status, _ in answers) == 1
    assert all("Resting" in words for status, words in answers if status == 422)
    made = db.session.execute(select(func.count()).select_from(Ask).where(Ask.person_id == ada.id)).scalar_one()
    assert made == 1


def test_twenty_calls_at_once_stop_at_the_cap_of_calls(
    app: Portal, browse: Browser, programme: Programme, unlimited: None
) -> None:
    """A4: without the rest, no more calls than the cap come through; the lock is held until the commit."""
    ada = programme.advocate()
    settings.set_value("advocate_rest_days", 0, by=system_viewer())
    db.session.commit()
    pages = [browse.as_(programme.seller).open("ask_desk.new", public_id=ada.public_id) for _ in range(20)]
    day = tomorrow().isoformat()
    db.session.remove()

    def send(n: int) -> int:
        with app.app_context():
            return pages[n].insist("Send the ask", act=CALL, what=f"Number {n} of twenty.", by_date=day).status

    with ThreadPoolExecutor(THREADS) as pool:
        statuses = list(pool.map(lambda n: Context().run(send, n), range(20)))
    assert statuses.count(200) == settings.get("advocate_calls")


def test_the_record_says_how_many_calls_are_used_and_how_long_they_are_away(
    browse: Browser, programme: Programme
) -> None:
    """A4: the manager reads what the light counts; others only what the advocate allows."""
    ada, today = programme.advocate(), clock.today()
    programme.ask(ada)
    away = (today + timedelta(days=40), today + timedelta(days=50))
    care.add_pause(*away, by=programme.by(ada))
    db.session.commit()
    record = {"public_id": ada.public_id, "why": "care"}
    told = browse.as_(programme.manager).open("advocate_desk.record", **record).words
    assert "1 of 2 used in the last 91 days" in told
    assert " – ".join(day(one) for one in away) in told
    staff = browse.as_(programme.staff).open("advocate_desk.record", **record).words
    assert "At most 2 in 91 days" in staff
    assert "1 of 2" not in staff
