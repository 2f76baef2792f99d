"""A large programme in bulk: 20,000 advocates, 50,000 asks, and a manager who looks at them."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from benchmarks import seed
from benchmarks.words import FIRST, LAST
from portal.advocates.actions import ensure_acts
from portal.advocates.models import Advocate, Flag, Pause
from portal.advocates.queries import acts
from portal.asks.models import Ask
from portal.careers.actions import record_relation
from portal.careers.models import Relation
from portal.consents.models import Consent
from portal.core import clock, tokens
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.text import fold
from portal.organisations.queries import host
from portal.people.actions import grant_role
from portal.people.models import Person
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from portal.advocates.models import Act

ADVOCATES, ASKS = 20_000, 50_000


def fill(scale: float = 1.0) -> str:
    """Add the programme to the community that is there; the token of its manager's session."""
    dice = random.Random(20261128)  # noqa: S311 - the same programme every time
    ensure_acts(by=system_viewer())
    db.session.commit()
    every, count = acts(), int(ADVOCATES * scale)
    first = _people(dice, count)
    _opt_in(dice, first, count, every)
    _asks(dice, first, count, int(ASKS * scale), every)
    token = _manager(first + count)
    db.session.commit()
    return token


def _people(dice: random.Random, count: int) -> int:
    first = db.session.execute(select(func.max(Person.id))).scalar_one() + 1
    names = [f"{dice.choice(FIRST)} {dice.choice(LAST)}" for _ in range(count + 1)]
    seed.bulk(Person, (
        {"id": first + n, "public_id": tokens.new_public_id(), "full_name": name, "call_name": name.split()[0],
         "sort_name": fold(name), "listed": True, "claimed_at": clock.now() - timedelta(days=500)}
        for n, name in enumerate(names)
    ))  # fmt: skip
    seed.reset_sequence("person")
    seed.bulk(Relation, (
        {"public_id": tokens.new_public_id(), "person_id": first + n, "kind": dice.choice(("customer", "partner")),
         "organisation_id": dice.randint(2, 300)}
        for n in range(count)
    ))  # fmt: skip
    return first


def _opt_in(dice: random.Random, first: int, count: int, every: list[Act]) -> None:
    now = clock.now()
    seed.bulk(Advocate, (
        {"person_id": first + n, "since": now - timedelta(days=400), "rest_days": dice.choice((0, 0, 0, 90)),
         "answer": dice.choices(("yes", "not_now", ""), (8, 1, 1))[0], "answered_at": now - timedelta(days=dice.randint(0, 120))}
        for n in range(count)
    ))  # fmt: skip
    seed.bulk(Consent, (
        {"person_id": first + n, "kind": one.consent_kind, "version": 1, "how": "settings", "at": now - timedelta(days=400)}
        for n in range(count) for one in dice.sample(every, dice.randint(1, 4))
    ))  # fmt: skip
    flagged = dice.sample(range(count), count // 50)
    seed.bulk(Flag, ({"public_id": tokens.new_public_id(), "person_id": first + n, "reason": "Look."} for n in flagged))
    today = clock.today()
    seed.bulk(Pause, (
        {"public_id": tokens.new_public_id(), "person_id": first + n, "starts_on": today, "ends_on": today + timedelta(days=9)}
        for n in dice.sample(range(count), count // 50)
    ))  # fmt: skip


def _asks(dice: random.Random, first: int, count: int, asks: int, every: list[Act]) -> None:
    now = clock.now()

    def one(n: int) -> dict[str, object]:
        act, at = dice.choice(every), now - timedelta(days=dice.randint(1, 720))
        ended = {"state": "done", "answered_at": at, "outcome": "helped", "thanked_at": at, "ended_at": at}
        runs = {"state": "waiting", "answered_at": None, "outcome": "", "thanked_at": None, "ended_at": None}
        return {
            "public_id": tokens.new_public_id(), "person_id": first + dice.randrange(count), "act_id": act.id,
            "is_call": act.is_call, "asked_by_id": first + count, "asked_at": at, "what": f"Favour number {n}.",
            "by_date": at.date(), "answer_by": at, **(ended if n % 100 else runs),
        }  # fmt: skip

    seed.bulk(Ask, map(one, range(asks)))


def _manager(person_id: int) -> str:
    person, by = person_by_id(person_id), system_viewer()
    record_relation(person, "employee", host(), verified_by="admin", by=by)
    grant_role(person, "manager", by=by)
    return seed.session(person_id)
