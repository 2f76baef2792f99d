"""What the pages show of asks and lights: plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.asks.models import OUTCOMES, STOPPED
from portal.asks.policies import GREEN, PAUSED, RESTING
from portal.core.fragments import Later, Piece
from portal.core.jinja import ago

if TYPE_CHECKING:
    from portal.asks.models import Ask
    from portal.asks.queries.lights import Line

# Words, kind and icon of the badge: never colour alone.
LIGHTS = {
    GREEN: ("Green", "good", "check-circle-fill"),
    RESTING: ("Resting", "neutral", "moon-stars"),
    PAUSED: ("Paused", "warn", "pause-circle-fill"),
}
STATES = {
    "waiting": ("Waits for an answer", "neutral", "hourglass-split"),
    "accepted": ("Accepted", "good", "check2"),
    "declined": ("Not this time", "neutral", "dash-circle"),
    "unanswered": ("No answer", "warn", "question-circle"),
    "stopped": ("Stopped", "neutral", "slash-circle"),
    "done": ("Done", "good", "check-circle-fill"),
}
ENDS = {"declined": "Not this time", "unanswered": "No answer", "stopped": "Stopped"}


def advocates(lines: list[Line], timezone: str) -> list[Piece]:
    """Advocates as rows of a list, each with the badge of its light."""
    return [_advocate(line, timezone) for line in lines]


def _advocate(line: Line, timezone: str) -> Piece:
    said = line.answered_at and ago(line.answered_at)
    key = (line.face, line.light, tuple(line.why), tuple(line.acts), tuple(line.ties[:1]), said, timezone)
    return Piece(key, Later(lambda: (line, LIGHTS[line.light])))


def state_of(ask: Ask) -> tuple[str, str, str]:
    """Words, kind and icon for where it stands; what was done still wants its thanks (A7)."""
    if ask.state == "done" and ask.thanked_at is None:
        return ("Thanks are due", "warn", "heart")
    return STATES[ask.state]


def steps_of(ask: Ask) -> list[dict[str, Any]]:
    """From the brief to the thanks, for the stepper."""
    asked = {"label": "Noted" if ask.outside else "Asked", "state": "done", "at": ask.asked_at}
    if ask.state in ENDS:
        said = [{"label": "Accepted", "state": "done", "at": ask.answered_at}] if _was_accepted(ask) else []
        return [asked, *said, {"label": ENDS[ask.state], "state": "stopped", "at": ask.ended_at}]
    reached = {"waiting": 0, "accepted": 1, "done": 3 if ask.thanked_at else 2}[ask.state]
    labels = (("Accepted", ask.answered_at), ("Outcome", None), ("Thanks", ask.thanked_at))
    return [asked] + [
        {"label": label, "state": "done" if number <= reached else "current" if number == reached + 1 else "todo",
         "at": at if number <= reached else None}
        for number, (label, at) in enumerate(labels, 1)
    ]  # fmt: skip


def _was_accepted(ask: Ask) -> bool:
    return ask.state == "stopped" and ask.answered_at is not None


def ledger_items(asks: list[Ask], *, url: Any, for_advocate: bool, reasons: bool = False) -> list[dict[str, Any]]:
    """Asks and gives for the timeline: what, by whom, the answer, what came of it, the thanks."""
    return [
        {"title": one.act.name + (f" for {one.firm}" if one.firm else ""), "url": url(one), "at": one.asked_at,
         "subtitle": _who(one, for_advocate), "place": end_words(one, reasons=reasons or for_advocate),
         "text": f"“{one.thanks}”" if one.thanks else None}
        for one in asks
    ]  # fmt: skip


def end_words(ask: Ask, *, reasons: bool) -> str:
    """Where it stands, in words; why it was stopped is for the advocate and the manager."""
    if ask.state == "done":
        return OUTCOMES[ask.outcome]
    words = STATES[ask.state][0]
    return f"{words}: {STOPPED[ask.stopped_because]}" if ask.state == "stopped" and reasons else words


def _who(ask: Ask, for_advocate: bool) -> str:
    name = ask.asked_by.full_name if ask.asked_by else "A former member"
    if ask.outside:
        return f"Outside the portal, noted by {name}"
    beyond = ", beyond the limits" if ask.override_reason else ""
    return f"{name} asked{' you' if for_advocate else ''}{beyond}"
