"""What every template may call: words for times, numbers and people, as pure functions."""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app, g, has_request_context, url_for

from portal.core import clock
from portal.core.icons import icon

if TYPE_CHECKING:
    from flask import Flask

HUES = 12
RELATIVE_DAYS = 30
SOON = timedelta(hours=72)
Zone = Callable[[], tzinfo]


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """A clock in words; `state` is done, fine, soon or overdue."""

    words: str
    state: str


def iso(at: date) -> str:
    """For `datetime` attributes: a moment in UTC, or a day."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(at, datetime) else at.isoformat()


def day(at: date, zone: tzinfo = UTC) -> str:
    """A day: "14 March 2025"."""
    local = at.astimezone(zone) if isinstance(at, datetime) else at
    return f"{local.day} {local:%B %Y}"


def absolute(at: date, zone: tzinfo = UTC) -> str:
    """The whole truth, for titles: "Sunday 22 November 2026, 14:05 UTC"."""
    if not isinstance(at, datetime):
        return f"{at:%A} {day(at)}"
    local = at.astimezone(zone)
    return f"{local:%A} {day(local, zone)}, {local:%H:%M %Z}"


def ago(at: date, now: datetime | None = None, zone: tzinfo = UTC) -> str:
    """Relative for 30 days in both directions, then the short date: "3 h ago", "in 2 days", "14 Mar 2025"."""
    now = now or clock.now()
    if not isinstance(at, datetime):
        return _days_away((at - now.astimezone(zone).date()).days) or _short_day(at)
    seconds = (at - now).total_seconds()
    if abs(seconds) < 86_400:
        return _within_a_day(round(seconds))
    return _days_away(int(seconds / 86_400)) or _short_day(at.astimezone(zone).date())


@lru_cache(maxsize=4096)
def _short_day(at: date) -> str:
    return f"{at.day} {at:%b %Y}"


def _within_a_day(seconds: int) -> str:
    minutes = abs(seconds) // 60
    if minutes == 0:
        return "just now" if seconds <= 0 else "in a moment"
    amount = f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"
    return f"in {amount}" if seconds > 0 else f"{amount} ago"


def _days_away(days: int) -> str:
    named = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if abs(days) > RELATIVE_DAYS:
        return ""
    return named.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def time_left(due: datetime, now: datetime | None = None) -> TimeLeft:
    """How much of a clock is left: "2 days left", "overdue by 3 h"; soon means under 72 hours."""
    left = due - (now or clock.now())
    amount = _amount(abs(left))
    if left < timedelta():
        return TimeLeft(f"overdue by {amount}", "overdue")
    return TimeLeft(f"{amount} left", "soon" if left < SOON else "fine")


def _amount(span: timedelta) -> str:
    if span >= timedelta(days=2):
        return f"{span.days} days"
    if span >= timedelta(hours=1):
        return f"{int(span.total_seconds() // 3600)} h"
    return f"{max(1, int(span.total_seconds() // 60))} min"


def shortnum(number: float) -> str:
    """1234 → "1.2k"; the exact value belongs in a title."""
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if abs(number) >= size:
            scaled = math.floor(number / size * 10) / 10
            return f"{scaled:.1f}".removesuffix(".0") + letter if abs(scaled) < 100 else f"{int(scaled)}{letter}"
    return f"{number:g}"


def thousands(number: float) -> str:
    """1234567 → "1,234,567"."""
    return f"{number:,}"


def plural(number: float, one: str, many: str = "") -> str:
    """3, "reply", "replies" → "3 replies"; without `many` an s is added."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def spelled(number: int, one: str, many: str = "") -> str:
    """3, "reply", "replies" → "three replies", for sentences; from thirteen on in digits."""
    words = plural(number, one, many)
    return f"{NUMBERS[number]} {words.partition(' ')[2]}" if number < len(NUMBERS) else words


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """At most two letters that stand for a name, in any script."""
    words = [word for word in name.split() if unicodedata.category(word[0]).startswith("L")]
    ends = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in ends).upper() or "?"


@lru_cache(maxsize=4096)
def hue(key: str) -> int:
    """A stable colour class 0–11 for a person's public id (or name)."""
    return hashlib.sha256(key.encode()).digest()[0] % HUES


def problems(errors: object) -> list[str]:
    """Every message in a WTForms `errors` value, however deeply form fields nest."""
    if isinstance(errors, Mapping):
        return [message for inner in errors.values() for message in problems(inner)]
    if isinstance(errors, list | tuple):
        return [message for inner in errors for message in problems(inner)]
    return [str(errors)] if errors else []


def axis_top(values: Iterable[float]) -> float:
    """The smallest round number that tops all values: 0.5, 1, 2, 2.5, 5, 10, 20 …"""
    highest = max(values, default=0)
    if highest <= 0:
        return 1
    power: float = 10 ** math.floor(math.log10(highest))
    return float(next((step * power for step in (1, 2, 2.5, 5, 10) if step * power >= highest), highest))


def url_if(endpoint: str, **values: Any) -> str:
    """The address of a view that may not be there (yet), or nothing: the frame shows only what exists."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def register(app: Flask, zone: Zone = lambda: UTC) -> None:
    """Give the templates these words; `zone` answers with the reader's time zone."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        iso=iso,
        day=lambda at: day(at, zone()),
        absolute=lambda at: absolute(at, zone()),
        ago=lambda at: ago(at, zone=zone()),
        time_left=time_left,
        shortnum=shortnum,
        thousands=thousands,
        plural=plural,
        initials=initials,
        hue=hue,
        problems=problems,
        axis_top=axis_top,
    )
    app.jinja_env.globals.update(icon=icon, url_if=url_if)


def init(app: Flask) -> None:
    """Wire the words into the application: times in the reader's zone."""
    register(app, reader_zone)


def reader_zone() -> tzinfo:
    """The zone of who asks, looked up once a request; UTC where nobody asks (mails, jobs) or the zone is unknown."""
    from portal.core.web import viewer

    if not has_request_context():
        return UTC
    if "zone" not in g:
        try:
            g.zone = ZoneInfo(viewer().timezone)
        except (ZoneInfoNotFoundError, ValueError):
            g.zone = UTC
    zone: tzinfo = g.zone
    return zone
