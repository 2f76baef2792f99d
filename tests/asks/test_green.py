"""Green to call: all of the conditions, and each of them alone is enough to be refused (A2, A4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from portal.advocates import actions as care
from portal.advocates import queries as care_queries
from portal.advocates.models import Advocate, Flag, Pause
from portal.asks import policies
from portal.asks.models import Ask
from portal.asks.queries import lights
from portal.consents.models import Consent
from portal.core import clock, settings
from portal.core.access import system_viewer
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.people.models import Person
from tests.asks.story import CALL, QUOTE, Programme

if TYPE_CHECKING:
    from portal.advocates.models import Act

CONDITIONS = ("consent", "check-in", "no flag", "not away", "rest", "calls")


def act(key: str = CALL) -> Act:
    return care_queries.act(key)


def build(programme: Programme, holds: dict[str, bool]) -> Person:
    """An advocate for whom exactly these conditions hold, put down row by row."""
    person = Person(claimed_at=clock.now(), listed=True)
    person.take_name("Ada Advocate")
    me, now, staff = add(person).id, clock.now(), programme.staff.id
    answered = now - timedelta(days=1 if holds["check-in"] else 15)
    db.session.add(Advocate(person_id=me, answer="yes", answered_at=answered))
    said = ["given"] if holds["consent"] else ["given", "withdrawn"]
    db.session.add_all(
        Consent(person_id=me, kind=act().consent_kind, version=1, state=one, how="settings") for one in said
    )
    if not holds["calls"]:
        db.session.add_all(a_favour(me, staff, act(), now - timedelta(days=days)) for days in (80, 70))
    if not holds["rest"]:
        db.session.add(a_favour(me, staff, act(QUOTE), now - timedelta(days=3)))
    if not holds["no flag"]:
        db.session.add(Flag(person_id=me, reason="Something broke."))
    if not holds["not away"]:
        db.session.add(Pause(person_id=me, starts_on=clock.today(), ends_on=clock.today()))
    db.session.flush()
    return person


def light_of(person: Person) -> str:
    """The light for a call, as the list computes it."""
    found = select(policies.light(one=True)).select_from(Advocate).join(Person, Person.id == Advocate.person_id)
    return db.session.execute(found.where(Advocate.person_id == person.id), policies.terms(act=act())).scalar_one()


def a_favour(person_id: int, asker_id: int, what: Act, at: datetime) -> Ask:
    """One that was asked outside and done."""
    return Ask(person_id=person_id, act_id=what.id, is_call=what.is_call, asked_by_id=asker_id, asked_at=at, outside=True,
               by_date=at.date(), answer_by=at, state="done", answered_at=at, outcome="helped")  # fmt: skip


def test_green_is_all_of_the_conditions(programme: Programme) -> None:
    """A2, A4: the whole truth table, by the one predicate."""
    for row in product((True, False), repeat=len(CONDITIONS)):
        holds = dict(zip(CONDITIONS, row, strict=True))
        person = build(programme, holds)
        assert lights.is_green(person.id, act()) is all(row), holds
        light = light_of(person)
        paused = not holds["no flag"] or not holds["not away"]
        assert light == ("paused" if paused else "green" if all(row) else "resting"), holds


def test_an_override_leaves_out_rest_and_calls_and_nothing_else(programme: Programme) -> None:
    """A4."""
    for row in product((True, False), repeat=len(CONDITIONS)):
        holds = dict(zip(CONDITIONS, row, strict=True))
        person = build(programme, holds)
        said = all(holds[one] for one in CONDITIONS[:4])
        assert lights.is_green(person.id, act(), override=True) is said, holds


def test_a_check_in_holds_shorter_for_calls(programme: Programme) -> None:
    """A2 b: fourteen days for a call, ninety for the rest."""
    ada = programme.advocate()
    for days, call, quote in ((13.9, True, True), (14.1, False, True), (89.9, False, True), (90.1, False, False)):
        programme.answered(ada, clock.now() - timedelta(days=days))
        assert (lights.is_green(ada.id, act()), lights.is_green(ada.id, act(QUOTE))) == (call, quote), days


@pytest.mark.parametrize("what", ["remembered", "stepped back", "closed act", "never opted in"])
def test_who_is_not_there_is_never_green(programme: Programme, what: str) -> None:
    """I15: the remembered get no asks; neither do those who stepped back or never opted in (A1)."""
    ada = programme.advocate() if what != "never opted in" else programme.make.member()
    if what == "remembered":
        db.session.execute(update(Person).where(Person.id == ada.id).values(remembered_at=clock.now()))
    if what == "stepped back":
        db.session.execute(update(Person).where(Person.id == ada.id).values(listed=False))
    if what == "closed act":
        care.close_act(act(), by=programme.by(programme.manager))
    db.session.commit()
    closed = care_queries.any_act(CALL)
    assert not lights.is_green(ada.id, closed)
    assert not lights.is_green(ada.id, closed, override=True)


def test_an_own_limit_is_lower_than_the_house_never_higher(programme: Programme) -> None:
    """A4."""
    ada = programme.advocate()
    known = care_queries.advocate(ada.id)
    assert known is not None
    with pytest.raises(Invalid, match="never more than the house allows"):
        care.set_limits(known, 3, 0, by=programme.by(ada))
    care.set_limits(known, 0, 0, by=programme.by(ada))
    assert not lights.is_green(ada.id, act())
    assert lights.is_green(ada.id, act(QUOTE))


@pytest.mark.parametrize(("own", "days", "green"), [(0, 29, False), (0, 31, True), (90, 31, False), (90, 91, True)])
def test_the_rest_is_the_longer_of_the_two(programme: Programme, own: int, days: int, green: bool) -> None:
    """A4."""
    ada = programme.advocate()
    known = care_queries.advocate(ada.id)
    assert known is not None
    care.set_limits(known, None, own, by=programme.by(ada))
    programme.date_back(programme.ask(ada, QUOTE), days)
    programme.answered(ada, clock.now())
    assert lights.is_green(ada.id, act(QUOTE)) is green


def test_a_changed_setting_holds_at_once(programme: Programme) -> None:
    """A4: the numbers are the host's settings."""
    ada = programme.advocate()
    programme.date_back(programme.ask(ada, QUOTE), 20)
    assert not lights.is_green(ada.id, act(QUOTE))
    settings.set_value("advocate_rest_days", 10, by=system_viewer())
    db.session.commit()
    assert lights.is_green(ada.id, act(QUOTE))
