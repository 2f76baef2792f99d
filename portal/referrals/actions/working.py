"""What staff do with a referral: move it on, plan the next step, give it to somebody, note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.referrals import ledger, money, policies, telling
from portal.referrals.models import Referral
from portal.referrals.reasons import reasons_for
from portal.referrals.stages import LOST, has_stage, place_of, stage_of

if TYPE_CHECKING:
    from datetime import date

    from portal.core.access import Viewer
    from portal.people.models import Person

NOT_YOURS = "You can read this referral, but not work on it: you referred it yourself, or your role only reads."
WAITS = "Their yes is not here yet, so nobody may write to them. It can be moved there once they have agreed."
REFUSED = "They have told us that they would rather not, so nobody writes to them. It can only end."


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes next, and what it is worth."""

    next_step: str = ""
    next_on: date | None = None
    amount: int | None = None
    currency: str = ""


def move(referral: Referral, to: str, *, seen: str, words: str = "", reason: str = "", by: Viewer) -> None:
    """Bring it to another stage; the referrer is told, and reads the words. `seen` is where the mover saw it stand."""
    require(policies.can_work(by, referral), NOT_YOURS)
    _check_move(referral, to, words, reason)
    if seen != referral.stage or not _won_the_race(referral, to):
        raise Conflict("Somebody moved it meanwhile. Look at where it stands now, and move it from there.")
    old, stage = referral.stage, stage_of(referral.kind, to)
    referral.stage, referral.ending, referral.stage_since = to, stage.ending, clock.now()
    referral.reason = reason if stage.ending == LOST else ""
    if stage.ending:
        referral.next_step, referral.next_on = "", None
    if referral.owner_id is None and policies.can_own(by):
        referral.owner_id = by.person_id
    ledger.recount(referral, old, referral.currency, referral.amount)
    ledger.set_clock(referral)
    ledger.log(referral, "stage", by=by, old=old, new=to, note=words, told=True)
    db.session.flush()
    telling.tell_stage(referral, by=by)


def plan(referral: Referral, planned: Plan, *, by: Viewer) -> None:
    """Say what comes next and by when, and what it may be worth."""
    require(policies.can_work(by, referral), NOT_YOURS)
    if bool(planned.next_step) != (planned.next_on is not None):
        raise Invalid("A next step has words and a day.", "next_on" if planned.next_step else "next_step")
    if referral.ending and planned.next_step:
        raise Invalid("It is over: there is no next step.", "next_step")
    if planned.next_on not in (None, referral.next_on) and planned.next_on < clock.today():
        raise Invalid("This day is over. By when is the next step?", "next_on")
    before = (referral.currency, referral.amount)
    referral.next_step, referral.next_on = planned.next_step, planned.next_on
    referral.amount = planned.amount
    referral.currency = planned.currency if planned.amount is not None else ""
    ledger.recount(referral, referral.stage, *before)
    ledger.set_clock(referral)
    until = f" by {planned.next_on:%Y-%m-%d}" if planned.next_on else ""
    ledger.log(referral, "plan", by=by, new=f"{planned.next_step}{until}", note=_worth_changed(referral, *before))
    db.session.flush()


def assign(referral: Referral, owner: Person | None, *, by: Viewer) -> None:
    """Give it to somebody whose role works with referrals, or to nobody."""
    require(policies.can_assign(by, referral, owner.id if owner else None), "Only its owner or a manager can do this.")
    if owner is not None and not policies.can_own(viewer_of(owner.id)):
        raise Invalid(f"{owner.name} has no role that works with referrals.", "owner")
    if owner is not None and owner.id == referral.referrer_id:
        raise Invalid(f"{owner.name} referred it, so somebody else looks after it.", "owner")
    old = referral.owner_id
    referral.owner_id = owner.id if owner else None
    if old != referral.owner_id:
        ledger.log(referral, "owner", by=by, old=_name(old), new=owner.name if owner else "nobody")
        telling.tell_owner(referral, by=by)
    db.session.flush()


def note(referral: Referral, words: str, *, told: bool, by: Viewer) -> None:
    """Write a line into its history, for the colleagues or for the referrer too."""
    require(policies.can_work(by, referral), NOT_YOURS)
    if not 2 <= len(words) <= 2000:
        raise Invalid("Write between 2 and 2,000 characters.", "words")
    ledger.log(referral, "note", by=by, note=words, told=told)


def _name(person_id: int | None) -> str:
    return viewer_of(person_id).name if person_id is not None else "nobody"


def _worth_changed(referral: Referral, currency: str, amount: int | None) -> str:
    """For the history: from what to what; nothing if it is worth what it was."""
    old, new = money.shown(amount, currency), money.shown(referral.amount, referral.currency)
    return f"Worth: {old or 'not said'} → {new or 'not said'}" if old != new else ""


def _check_move(referral: Referral, to: str, words: str, reason: str) -> None:
    if not has_stage(referral.kind, to) or to == referral.stage:
        raise Invalid("Choose another stage.", "to")
    stage = stage_of(referral.kind, to)
    if referral.consent == "no" and stage.ending != LOST:
        raise Invalid(REFUSED, "to")
    if stage.writes and referral.consent != "yes":
        raise Invalid(WAITS, "to")
    if stage.ending == LOST and reason not in reasons_for(referral.kind):
        raise Invalid("Choose why it came to nothing.", "reason")
    back = place_of(referral.kind, to) < place_of(referral.kind, referral.stage)
    if back and len(words) < 2:
        raise Invalid("It goes back: say why, the referrer reads it too.", "words")


def _won_the_race(referral: Referral, to: str) -> bool:
    """Of two who move it at once only one finds it where both saw it."""
    mine = update(Referral).where(Referral.id == referral.id, Referral.stage == referral.stage).values(stage=to)
    moved = db.session.execute(mine.returning(Referral.id), execution_options={"synchronize_session": False})
    return moved.first() is not None
