"""The advocate's answer, the clock's, and what stops an ask in flight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.asks import policies, queries, telling
from portal.asks.models import OPEN, Ask
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import Gone
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.core.access import Viewer

NOT_YOURS = "Only the advocate answers."
# What ends a promise too; a pause of days or a “not now” only ends what was not answered yet.
ENDS_PROMISES = ("withdrawn", "flag", "gone")


def accept(ask: Ask, *, by: Viewer) -> None:
    """Yes: who asked is told, and now sees how to reach the advocate."""
    require(policies.can_answer(by, ask), NOT_YOURS)
    _answer(ask, "accepted")
    audit.record("accept ask", ask, by=by, about=ask.person_id)
    telling.tell_asker(ask, f"{ask.person.full_name} said yes: {ask.act.name.lower()}", by)


def decline(ask: Ask, *, by: Viewer) -> None:
    """Not this time, without a reason; it costs nothing."""
    require(policies.can_answer(by, ask), NOT_YOURS)
    _answer(ask, "declined")
    audit.record("decline ask", ask, by=by, about=ask.person_id)
    telling.tell_asker(ask, f"Not this time: {ask.person.full_name}, {ask.act.name.lower()}", by)


def stop_asks(person_id: int, because: str, *, act_id: int | None = None, by: Viewer) -> int:
    """Stop what is in flight, in the transaction of what stops it; who asked is told, without the reason (A3)."""
    require(by.system or by.is_member, NOT_YOURS)
    states = OPEN if because in ENDS_PROMISES else ("waiting",)
    found = queries.in_flight(person_id, states, act_id)
    for ask in found:
        end_ask(ask, "stopped", because=because)
        audit.record("stop ask", ask, by=by, about=person_id)
        telling.tell_asker(ask, f"Stopped: {ask.person.full_name} can’t be called on now", by)
    return len(found)


def lapse_asks(*, by: Viewer) -> int:
    """No answer by the date: that is an answer too, and its link ends."""
    require(by.system, "This is done by the clock.")
    late = queries.lapsed()
    for ask in late:
        ask.state, ask.token_hash = "unanswered", None
        telling.tell_asker(ask, f"No answer from {ask.person.full_name}: {ask.act.name.lower()}", by)
    return len(late)


def end_ask(ask: Ask, state: str, *, because: str = "") -> None:
    """Bring an ask to an end that was guarded by its caller."""
    ask.state, ask.stopped_because, ask.ended_at, ask.token_hash = state, because, clock.now(), None
    db.session.flush()


def _answer(ask: Ask, state: str) -> None:
    """Of two answers the first one counts."""
    now = clock.now()
    values = {"state": state, "answered_at": now, "token_hash": None}
    if state == "declined":
        values["ended_at"] = now
    mine = update(Ask).where(Ask.id == ask.id, Ask.state == "waiting", Ask.answer_by > now)
    taken = mine.values(**values).returning(Ask.id)
    if db.session.execute(taken, execution_options={"synchronize_session": False}).first() is None:
        raise Gone(queries.USED_UP)
    db.session.refresh(ask, ["state", "answered_at", "token_hash", "ended_at"])
