"""What the pages show of advocates: plain values."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.core import clock, settings

if TYPE_CHECKING:
    from portal.advocates.models import Advocate, Nomination

ANSWER_WORDS = {"yes": "You may be asked", "not_now": "Not now", "not_happy": "You are not happy"}
STATE_WORDS = {
    "waiting": "Waits for the first contact", "contacted": "Contacted", "invited": "Invited to opt in",
    "opted_in": "Is an advocate now", "closed": "Ended",
}  # fmt: skip


def check_in_state(advocate: Advocate | None) -> dict[str, Any]:
    """How the last answer stands: whether it holds for calls and for the rest, and until when."""
    answer = advocate.answer if advocate else ""
    if advocate is None or advocate.answered_at is None:
        return {"answer": "", "asks": True, "at": None, "calls_until": None, "others_until": None}
    calls = advocate.answered_at + timedelta(days=settings.get("check_in_call_days"))
    others = advocate.answered_at + timedelta(days=settings.get("check_in_other_days"))
    return {
        "answer": answer, "at": advocate.answered_at, "calls_until": calls, "others_until": others,
        "asks": answer != "yes" or calls <= clock.now(),
    }  # fmt: skip


def steps_of(nomination: Nomination) -> list[dict[str, Any]]:
    """A nomination's stages, for the stepper."""
    state = nomination.state
    order = ("waiting", "contacted", "invited", "opted_in")
    reached = order.index(state) if state in order else _last_reached(nomination)
    labels = (("Nominated", nomination.created_at), ("First contact", nomination.contacted_at),
              ("Invited to opt in", nomination.invited_at), ("Advocate", nomination.ended_at))  # fmt: skip
    steps = [
        {"label": label, "state": "done" if number <= reached else "current" if number == reached + 1 else "todo",
         "at": at if number <= reached else None}
        for number, (label, at) in enumerate(labels)
    ]  # fmt: skip
    if state == "closed":
        steps[reached + 1 :] = [{"label": "Not this time", "state": "stopped", "at": nomination.ended_at}]
    return steps


def _last_reached(nomination: Nomination) -> int:
    return 2 if nomination.invited_at else 1 if nomination.contacted_at else 0
