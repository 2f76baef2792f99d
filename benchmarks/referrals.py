"""A hundred thousand referrals in every stage, and the manager who looks at them."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from benchmarks import seed
from benchmarks.words import FIRST, LAST
from portal.accounts.models import Session
from portal.core import clock, tokens
from portal.core.db import db
from portal.people.models import Person, PersonRole
from portal.referrals.index import REFERRALS
from portal.referrals.ledger import set_clock
from portal.referrals.models import Referral, ReferralEvent, ReferralTotal
from portal.referrals.stages import KINDS, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Page

REFERRALS_IN_ALL, OWNERS = 100_000, 40
TRADES = ("Mills", "Terminals", "Dairies", "Ferries", "Quarries", "Breweries")


def fill(scale: float) -> str:
    """Fill in the referrals; the token of a manager's session."""
    dice = random.Random(20261128)  # noqa: S311 - the same ones every time
    first, last = db.session.execute(select(func.min(Person.id), func.max(Person.id)).where(Person.listed)).one()
    owners = [first + 1 + number for number in range(OWNERS)]
    seed.bulk(PersonRole, ({"person_id": owner, "role": "seller"} for owner in owners))
    manager = first + OWNERS + 2
    seed.bulk(PersonRole, [{"person_id": manager, "role": "manager"}])
    count, totals = int(REFERRALS_IN_ALL * scale), Counter[tuple[str, str, str]]()
    amounts: Counter[tuple[str, str, str]] = Counter()
    seed.bulk(Referral, _rows(dice, count, first, last, owners, totals, amounts))
    names = db.session.execute(select(Referral.id, Referral.company, Referral.contact_name)).all()
    REFERRALS.put_many([(row.id, f"{row.company} {row.contact_name}") for row in names])
    seed.bulk(ReferralEvent, ({"referral_id": row.id, "what": "stage", "new": "new", "told": True} for row in names))
    lines = [{"kind": kind, "stage": stage, "currency": currency, "n": n, "amount": amounts[kind, stage, currency]}
             for (kind, stage, currency), n in totals.items()]  # fmt: skip
    db.session.execute(insert(ReferralTotal), lines)
    token, now = tokens.new_secret(), clock.now()
    db.session.add(Session(person_id=manager, token_hash=tokens.digest(token), opened_through="password", factors=2,
                           device="Bench", authenticated_at=now, expires_at=now + timedelta(days=30)))  # fmt: skip
    db.session.commit()
    return token


def _rows(
    dice: random.Random, count: int, first: int, last: int, owners: list[int], totals: Any, amounts: Any
) -> Iterator[dict[str, Any]]:
    columns = [column.key for column in Referral.__table__.columns if column.key != "id"]
    for _ in range(count):
        referral = _one(dice, first, last, owners)
        place = (referral.kind, referral.stage, referral.currency)
        totals[place] += 1
        amounts[place] += referral.amount or 0
        yield {name: getattr(referral, name) for name in columns}


def _one(dice: random.Random, first: int, last: int, owners: list[int]) -> Referral:
    kind, now = dice.choices(KINDS, (6, 3, 1))[0], clock.now()
    stages = STAGES[kind]
    stage = dice.choices(stages, [4, 3, 3, 3, 3, *[20] * (len(stages) - 5)])[0]
    began = now - timedelta(days=dice.uniform(0, 900), seconds=dice.random())
    worth = dice.random() < 0.6
    referral = Referral(
        public_id=tokens.new_public_id(), kind=kind, referrer_id=dice.randint(first, last),
        company=f"{dice.choice(LAST)} {dice.choice(TRADES)}", job="", contact_name=f"{dice.choice(FIRST)} {dice.choice(LAST)}",
        contact_address="", contact_norm="", about="", consent="yes" if dice.random() < 0.85 else "waiting", stage=stage.key,
        ending=stage.ending, stage_since=began + (now - began) * dice.random(), owner_id=dice.choice(owners) if stage.key != "new" else None,
        amount=dice.randint(1, 200) * 100_000 if worth else None, currency=dice.choice(("GBP", "EUR", "USD")) if worth else "",
        next_step="Call them" if dice.random() < 0.7 and not stage.ending else "", reason="", has_credit=True, is_tie=False, created_at=began,
        accept_by=began + timedelta(days=2), due_what="",
    )  # fmt: skip
    referral.next_on = (now + timedelta(days=dice.randint(-30, 30))).date() if referral.next_step else None
    set_clock(referral)
    return referral


def pages(page: type[Page], cookie: str) -> list[Page]:
    """What of the programme is measured."""
    last = db.session.execute(select(func.min(Referral.id) + 500).where(Referral.kind == "lead")).scalar_one()
    from portal.core.pages import encode_cursor

    base = "/programme/referrals"
    return [
        page("cockpit, 100,000 referrals", "/programme", 15, cookie=cookie),
        page("pipeline as columns", base, 15, cookie=cookie),
        page("pipeline as columns, one owner's", f"{base}?owner=me", 15, cookie=cookie),
        page("pipeline as a table", f"{base}/table", 15, cookie=cookie),
        page(
            "pipeline as a table, at its end",
            f"{base}/table?kind=lead&after={encode_cursor([last])}",
            15,
            cookie=cookie,
        ),
        page("pipeline, what is overdue", f"{base}/table?overdue=1", 15, cookie=cookie),
        page("pipeline, a common word", f"{base}/table?q=mills", 15, cookie=cookie),
    ]
