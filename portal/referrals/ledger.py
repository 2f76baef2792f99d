"""What every deed on a referral leaves behind: a line of history, the totals of its stage, the clock that runs."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from portal.core import clock, settings
from portal.core.db import add, db, upsert
from portal.referrals.models import ReferralEvent, ReferralTotal

if TYPE_CHECKING:
    from datetime import date

    from portal.core.access import Viewer
    from portal.referrals.models import Referral


Lines = dict[tuple[str, str, str], tuple[int, int]]  # kind, stage, currency: how many, what amount


def log(
    referral: Referral, what: str, *, by: Viewer, old: str = "", new: str = "", note: str = "", told: bool = False
) -> ReferralEvent:
    """One line of a referral's history; `told` is for the referrer too."""
    return add(
        ReferralEvent(referral_id=referral.id, by_id=by.person_id, what=what, old=old[:200], new=new[:200], note=note,
                      told=told)
    )  # fmt: skip


def count_in(referral: Referral) -> None:
    """A new referral stands in its stage."""
    _change(_lines(referral.kind, referral.stage, referral.currency, referral.amount, 1))


def recount(referral: Referral, stage: str, currency: str, amount: int | None) -> None:
    """It stands elsewhere, or is worth something else, than this; the rows are locked in one order."""
    lines = _lines(referral.kind, stage, currency, amount, -1)
    for key, (n, worth) in _lines(referral.kind, referral.stage, referral.currency, referral.amount, 1).items():
        before = lines.get(key, (0, 0))
        lines[key] = (before[0] + n, before[1] + worth)
    _change(lines)


def set_clock(referral: Referral) -> None:
    """Which clock of a referral runs out first: to accept it, to hear the person's yes, or to take the next step."""
    found = [] if referral.ending else sorted(_clocks(referral))
    referral.due_at, referral.due_what = found[0] if found else (None, "")


def _clocks(referral: Referral) -> list[tuple[datetime, str]]:
    found = []
    if referral.stage == "new" and referral.accept_by is not None:
        found.append((referral.accept_by, "accept"))
    if referral.next_on is not None:
        found.append((end_of(referral.next_on), "step"))
    elif referral.consent == "waiting":
        found.append((referral.created_at + timedelta(days=settings.get("referral_consent_days")), "consent"))
    elif referral.stage != "new":
        found.append((referral.stage_since + timedelta(days=settings.get("referral_quiet_days")), "step"))
    return found


def end_of(day: date) -> datetime:
    """When a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def days_since(moment: datetime) -> int:
    """Whole days that have passed."""
    return max(0, (clock.now() - moment).days)


def _lines(kind: str, stage: str, currency: str, amount: int | None, sign: int) -> Lines:
    return {(kind, stage, currency): (sign, sign * (amount or 0))}


def _change(lines: Lines) -> None:
    table = ReferralTotal.__table__
    for (kind, stage, currency), (n, amount) in sorted(lines.items()):
        if n or amount:
            values = {"kind": kind, "stage": stage, "currency": currency, "n": n, "amount": amount}
            changed = {"n": table.c.n + n, "amount": table.c.amount + amount}
            db.session.execute(upsert(table, values, keys=["kind", "stage", "currency"], update=changed))
