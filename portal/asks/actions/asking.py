"""Asking one advocate for one favour; the gate is in the query, under the lock of the advocate's row (A2, A4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from portal.accounts.queries import primary_address
from portal.advocates import queries as advocates
from portal.advocates.policies import sees_reasons
from portal.asks import emails, policies, telling
from portal.asks.actions.answering import end_ask
from portal.asks.models import OPEN, Ask
from portal.asks.queries.lights import is_green, standing
from portal.core import audit, clock, settings, tokens, workdays
from portal.core.db import add
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.advocates.models import Act
    from portal.core.access import Viewer
    from portal.people.models import Person

NOT_YOURS = "Only the programme's people ask."
NEVER_BEYOND = "An override goes beyond caps and rest, never beyond what the advocate said."
FURTHEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Brief:
    """What the advocate reads before answering."""

    what: str
    by_date: date
    deal: str = ""
    firm: str = ""
    data_use: str = ""


def ask_advocate(person: Person, act: Act, brief: Brief, *, override_reason: str = "", by: Viewer) -> Ask:
    """Ask; refused with the neutral sentence, or for the manager with the reasons, unless everything is green."""
    require(policies.can_ask(by) and not by.is_person(person.id), NOT_YOURS)
    _check(brief)
    advocates.lock(person.id)
    beyond = not is_green(person.id, act)
    if beyond:
        _check_override(person, act, override_reason, by)
    address = primary_address(person.id)
    if address is None:
        raise Invalid(policies.NEUTRAL)
    secret = tokens.new_secret()
    row = add(Ask(
        person=person, act=act, is_call=act.is_call, asked_by_id=by.person_id, what=brief.what, deal=brief.deal,
        firm=brief.firm, data_use=brief.data_use, by_date=brief.by_date, answer_by=_answer_by(brief.by_date),
        token_hash=tokens.digest(secret), override_reason=override_reason if beyond else "",
    ))  # fmt: skip
    emails.ask(row, by.name, address, secret)
    telling.tell_advocate(row, f"{by.name} asks you for a favour: {act.name.lower()}", by)
    audit.record("ask advocate", row, by=by, about=person.id, note=row.override_reason)
    return row


def log_outside(person: Person, act: Act, what: str, on: date, *, by: Viewer) -> Ask:
    """Write down a favour that was asked beside the portal: no blame, it only has to count (A4)."""
    require(policies.can_log_outside(by) and not by.is_person(person.id), NOT_YOURS)
    if not 2 < len(what) <= 2000:
        raise Invalid("Say in a sentence what was asked.", "what")
    if on > clock.today() or on < clock.today() - FURTHEST:
        raise Invalid("Give a day of the last twelve months.", "on")
    if advocates.lock(person.id) is None:
        raise Conflict("This member is no advocate.")
    at = min(datetime.combine(on, time(12), tzinfo=UTC), clock.now())
    row = add(Ask(
        person=person, act=act, is_call=act.is_call, asked_by_id=by.person_id, asked_at=at, outside=True, what=what,
        by_date=on, answer_by=at, state="done", answered_at=at, outcome="open",
    ))  # fmt: skip
    audit.record("log favour", row, by=by, about=person.id)
    telling.tell_advocate(row, f"{by.name} wrote down a favour of yours: {act.name.lower()}", by)
    return row


def take_back(ask: Ask, *, by: Viewer) -> None:
    """Who asked needs it no more; the advocate is told."""
    require(policies.runs_ask(by, ask), NOT_YOURS)
    if ask.state not in OPEN:
        raise Conflict("This ask has ended already.")
    end_ask(ask, "stopped", because="asker")
    audit.record("take ask back", ask, by=by, about=ask.person_id)
    telling.tell_advocate(ask, f"Not needed any more: {ask.act.name.lower()}", by)


def _check(brief: Brief) -> None:
    if not 10 <= len(brief.what) <= 4000:
        raise Invalid("Say what it is about, in between 10 and 4,000 characters.", "what")
    if not clock.today() < brief.by_date <= clock.today() + FURTHEST:
        raise Invalid("Give a day after today, within a year.", "by_date")


def _check_override(person: Person, act: Act, reason: str, by: Viewer) -> None:
    """Beyond caps and rest only with the manager's reason; the advocate's yes is the answer to the ask itself."""
    if reason and not policies.can_override(by):
        raise Invalid("Only the programme's manager may ask beyond the limits.", "override_reason")
    if reason and is_green(person.id, act, override=True):
        if len(reason) < 10:
            raise Invalid("Give the reason in a sentence: the advocate reads it.", "override_reason")
        return
    raise Invalid(f"{why_not(person.id, act, by)} {NEVER_BEYOND if reason else ''}".strip())


def why_not(person_id: int, act: Act, by: Viewer) -> str:
    """The sentence for who was refused: reasons for the manager, a neutral one for everybody else (A2)."""
    known = standing(person_id) if sees_reasons(by) else None
    if known is None:
        return policies.NEUTRAL
    return "Not now. " + (" ".join(known.why_not(act)) or f"There is no consent in force to: {act.name.lower()}.")


def _answer_by(by_date: date) -> datetime:
    """A few working days for the answer, and never after the day when it is needed."""
    patient = workdays.add_workdays(clock.now(), settings.get("ask_answer_days"))
    return min(patient, datetime.combine(by_date, time(23, 59), tzinfo=UTC))
