"""What asks give to the house."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from portal.advocates.policies import in_programme
from portal.asks import jobs, listeners, queries
from portal.asks.person_data import AskData
from portal.asks.queries.clocks import due
from portal.asks.views import advocates, mine, programme
from portal.core import settings, workdays
from portal.core.jinja import plural
from portal.core.parts import Deadline, Feature, NavItem, TaskCard
from portal.core.settings import Setting
from portal.notifications import kinds

if TYPE_CHECKING:
    from sqlalchemy import Row

    from portal.core.access import Viewer

GROUP = "Advocates"
NEXT_STEPS = {
    "waiting": "Wait for the answer", "unanswered": "Ask somebody else", "accepted": "Write down what came of it",
    "done": "Thank them",
}  # fmt: skip
kinds.register(
    # The ask itself is a letter of its own, with its answers; what follows is told on the site.
    kinds.NotificationType("ask", "Asks to me as an advocate", icon="megaphone", letter=True,
                           still_readable=queries.readable),
    kinds.NotificationType("ask_answer", "Answers to what I ask of advocates", icon="megaphone",
                           still_readable=queries.readable, concerns=in_programme),
)  # fmt: skip


def tasks(viewer: Viewer) -> list[TaskCard]:
    """An ask waits for the member's answer."""
    asked = viewer.is_member and viewer.extra.get("is_advocate")
    waiting = queries.waiting_for(viewer.person_id or 0) if asked else []
    if not waiting:
        return []
    words = (
        "An ask waits for your answer" if len(waiting) == 1 else f"{plural(len(waiting), 'ask')} wait for your answer"
    )
    return [TaskCard(words, f"/asks/{waiting[0].public_id}", len(waiting), icon="megaphone")]


def clocks(viewer: Viewer, limit: int, *, mine: bool = False) -> list[Deadline]:
    """Asks without an answer, an outcome or thanks; and who should be checked in with before the day."""
    if not in_programme(viewer):
        return []
    running = due(viewer, limit, mine=mine)
    found = [_deadline(one) if one.what == "ask" else _check_in(one) for one in running]
    return sorted(found, key=lambda one: one.due_at)[:limit]


def _deadline(ask: Row[Any]) -> Deadline:
    """Until when the next step of an ask is due."""
    day = datetime.combine(ask.by_date, time(23, 59), tzinfo=UTC)
    due = ask.answer_by if ask.state in ("waiting", "unanswered") else day
    if ask.state == "done":
        due = workdays.add_workdays(day, settings.get("ask_thanks_days"))
    return Deadline("Ask", f"{ask.act}, {ask.advocate}", f"/programme/asks/{ask.public_id}", due,
                    NEXT_STEPS[ask.state], ask.asker or "", ask.asked_at, "/programme/asks")  # fmt: skip


def _check_in(ask: Row[Any]) -> Deadline:
    return Deadline("Check-in", ask.advocate, f"/programme/advocates/{ask.advocate_public_id}?why=care",
                    datetime.combine(ask.by_date, time(0), tzinfo=UTC), "Check in with them before the day",
                    ask.asker or "", ask.answered_at, "/programme/asks")  # fmt: skip


FEATURE = Feature(
    name="asks",
    blueprints=(mine.bp, advocates.bp, programme.bp),
    nav=(
        NavItem("Advocates", "advocate_desk.index", "megaphone", 70, shown=in_programme, group="Programme",
                prefix=("advocate_desk.", "ask_desk.", "nominations.index", "acts.")),
        NavItem("Advocates", "advocate_desk.index", "megaphone", 10, shown=in_programme, section="advocates",
                prefix="advocate_desk."),
        NavItem("Asks", "ask_desk.index", "megaphone", 20, shown=in_programme, section="advocates", prefix="ask_desk."),
    ),
    settings=(
        Setting("advocate_calls", 2, "Calls that an advocate may be asked for", GROUP,
                "In a rolling quarter; an advocate may choose fewer.", low=1, high=12),
        Setting("advocate_call_days", 91, "Days of the rolling quarter", GROUP, low=28, high=366),
        Setting("advocate_rest_days", 30, "Days between two asks", GROUP,
                "A declined or unanswered ask counts for the rest, not for the calls.", low=0, high=365),
        Setting("ask_answer_days", 5, "Working days for an answer to an ask", GROUP, low=1, high=30),
        Setting("ask_thanks_days", 3, "Working days until thanks are due", GROUP, low=1, high=30),
    ),
    person_data=(AskData(),),
    tasks=(tasks,),
    clocks=(clocks,),
)  # fmt: skip

__all__ = ["FEATURE", "jobs", "listeners"]
