"""Lines under the day they belong to, in the reader's zone."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from portal.core import clock

if TYPE_CHECKING:
    from datetime import date

    from portal.notifications.queries import Line


def by_day(lines: list[Line], timezone: str) -> list[tuple[str, list[Line]]]:
    """("Today", lines), ("Yesterday", lines), ("Monday 3 March", lines) …"""
    zone = ZoneInfo(timezone)
    today = clock.now().astimezone(zone).date()
    days = groupby(lines, key=lambda line: line.at.astimezone(zone).date())
    return [(_name(day, today), list(some)) for day, some in days]


def _name(day: date, today: date) -> str:
    named = {0: "Today", 1: "Yesterday"}.get((today - day).days)
    return named or f"{day:%A} {day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")
