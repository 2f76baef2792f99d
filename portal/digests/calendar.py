"""When a letter is due: on a weekday, at an hour, by the member's own clock (T4)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LATE = timedelta(hours=36)  # how long a letter may be late, when no worker was there at its hour


def week_of(now: datetime, zone: str) -> date:
    """The Monday of the week that it is there."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return today - timedelta(days=today.weekday())


def next_at(now: datetime, zone: str, weekday: int, hour: int) -> datetime:
    """When the next letter goes out there."""
    start = week_of(now, zone) + timedelta(days=weekday)
    due = datetime.combine(start, time(hour), ZoneInfo(zone))
    return due if due > now else datetime.combine(start + timedelta(days=7), time(hour), ZoneInfo(zone))


def due_week(now: datetime, zone: str, weekday: int, hour: int) -> date | None:
    """The week whose letter is due there now; none before its hour, nor long after it."""
    late = next_at(now, zone, weekday, hour) - timedelta(days=7)
    return week_of(late, zone) if now - late < LATE else None


def due_zones(now: datetime, weekday: int, hour: int) -> dict[date, list[str]]:
    """The time zones where letters are due now, by the week that they are for."""
    due: dict[date, list[str]] = defaultdict(list)
    for zone in _zones():
        week = due_week(now, zone, weekday, hour)
        if week is not None:
            due[week].append(zone)
    return dict(due)


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))
