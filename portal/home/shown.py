"""What the home page shows: plain values, made of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from portal.boards import shown as boards
from portal.core import clock
from portal.core.fragments import Later, Piece
from portal.core.jinja import ago
from portal.people.faces import Face

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Row

    from portal.core.access import Viewer
    from portal.core.parts import TaskCard
    from portal.directory.queries.cards import Card


def greeting(viewer: Viewer) -> str:
    """By the hour where the member is."""
    hour = clock.now().astimezone(ZoneInfo(viewer.timezone)).hour
    words = "Good morning" if 4 <= hour < 12 else "Good afternoon" if 12 <= hour < 18 else "Good evening"
    return f"{words}, {viewer.call_name}"


def topics(found: Iterable[Row[Any]], on: dict[int, Row[Any]], horizon: datetime, timezone: str) -> list[Piece]:
    """Lines of topics that say on which board they stand."""
    return [boards.topic_row(row, horizon, timezone, on[row.board_id]) for row in found]


def coworkers(known: list[Card]) -> list[Piece]:
    """Whom the member worked with, each with the reason."""
    return [
        _person((card.face, card.headline, card.reason), {"who": card, "reason": card.reason, "since": None})
        for card in known
    ]


def newcomers(found: Iterable[Row[Any]], but: set[int], timezone: str) -> list[Piece]:
    """Who came lately, the firm that one shares, and when; leaving out those who are shown already."""
    return [
        _person(
            (face := Face.of(row), row.firm, ago(row.claimed_at), timezone),
            {"who": face, "reason": f"Also at {row.firm}", "since": row.claimed_at},
        )
        for row in found
        if row.face_id not in but
    ]


def _person(key: tuple[Any, ...], words: dict[str, Any]) -> Piece:
    return Piece(key, Later(lambda: words))


def summary(followed: int, others: int, tasks: int, *, new: bool) -> str:
    """What waits, in one sentence; who has just come has not read what was written before, though it counts as read."""
    parts = [
        _some(followed, "topic you follow has", "topics you follow have") + " something new" if followed else "",
        _some(tasks, "thing is", "things are") + " asked of you" if tasks else "",
        ("more is" if followed else "there is something") + " unread on your boards" if others else "",
    ]
    said = [part for part in parts if part]
    if not said and new:
        return "Nothing new has been written since you came. What was said before is on the boards."
    if not said:
        return "You have read everything there is for you. Somebody may like to hear from you."
    sentence = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    return sentence[0].upper() + sentence[1:] + "."


def _some(number: int, one: str, many: str) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    amount = words[number] if number < len(words) else str(number)
    return f"{amount} {one if number == 1 else many}"


def first_steps(done: set[str], profile: list[TaskCard], url_if: Any) -> list[Piece]:
    """The five steps of the first minutes as one piece, each with where to do it; `profile` is what is open there."""
    steps = (
        ("Claim your account", True, "", ""),
        ("Add a personal address", "personal" in done, "accounts.addresses", "so that you never lose the way in"),
        ("Say where you have been", "career" in done, "careers.career", "so that those who knew you find you"),
        ("Say something of yourself", not profile, "profiles.edit", _as_note(profile)),
        ("Write your first words", "spoke" in done, "boards.index", "a hello is enough"),
    )
    shown = [
        {"label": label, "done": is_done, "url": url_if(endpoint) if endpoint else "", "note": "" if is_done else note}
        for label, is_done, endpoint, note in steps
    ]
    return [Piece(tuple(tuple(step.values()) for step in shown), Later(lambda: shown))]


def _as_note(profile: list[TaskCard]) -> str:
    """What is still open there, as words that go on after the step's own."""
    return profile[0].label[:1].lower() + profile[0].label[1:] if profile else ""
