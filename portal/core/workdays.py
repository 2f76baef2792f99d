"""Working days of the host: which weekdays are free, which days are holidays, and counting by them.

Clocks of the programme are promised in working days (A6), so that nothing is late on a Monday morning.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from portal.core import settings
from portal.core.settings import Setting

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GROUP = "Working days"
ONE_DAY = timedelta(days=1)


class Week(NamedTuple):
    """The host's calendar: free weekdays (Monday is 0), holidays, and days of each year ("12-25") that are free."""

    free: frozenset[int]
    holidays: frozenset[date]
    yearly: frozenset[tuple[int, int]]

    def is_workday(self, day: date) -> bool:
        """Whether people work for the host on this day."""
        return not (
            day.weekday() in self.free or day in self.holidays or (day.month, day.day) in self.yearly
        )  # fmt: skip


def is_workday(day: date) -> bool:
    """Whether people work for the host on this day."""
    return calendar().is_workday(day)


def add_workdays(start: datetime, n: int) -> datetime:
    """The same time, n working days on: what comes on a free day counts from the end of the free days."""
    week, moment = calendar(), start
    while not week.is_workday(moment.astimezone(UTC).date()):
        moment = _end_of_day(moment)
    for _ in range(n):
        moment += ONE_DAY
        while not week.is_workday(moment.astimezone(UTC).date()):
            moment += ONE_DAY
    return moment


def workdays_between(start: date | datetime, end: date | datetime) -> int:
    """How many working days come after the first day, up to the last one; none when it lies before."""
    week, day, last, found = calendar(), _day(start), _day(end), 0
    while day < last:
        day += ONE_DAY
        found += week.is_workday(day)
    return found


def calendar() -> Week:
    """The calendar in force."""
    return _read(settings.get("free_weekdays"), settings.get("holidays"))


@lru_cache(maxsize=8)
def _read(free: str, holidays: str) -> Week:
    days = frozenset(WEEKDAYS.index(name) for name in _names(free))
    lines = [line.split("#")[0].strip() for line in holidays.splitlines()]
    dated = frozenset(date.fromisoformat(line) for line in lines if len(line) == 10)
    yearly = frozenset((int(line[:2]), int(line[3:])) for line in lines if len(line) == 5)
    return Week(days, dated, yearly)


def _names(free: str) -> list[str]:
    return [name[:3] for name in free.lower().replace(",", " ").split()]


def _weekdays_ok(free: str) -> bool:
    """Known names, and at least one day left to work on."""
    names = set(_names(free))
    return names <= set(WEEKDAYS) and len(names) < len(WEEKDAYS)


def _holidays_ok(text: str) -> bool:
    try:
        return all(_fits(line.split("#")[0].strip()) for line in text.splitlines())
    except ValueError:
        return False


def _fits(line: str) -> bool:
    """A day "2026-12-24", or a day of each year "12-25"; 2024 was a leap year."""
    return not line or bool(date.fromisoformat(line if len(line) == 10 else f"2024-{line}"))


def _end_of_day(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + ONE_DAY


def _day(moment: date | datetime) -> date:
    return moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment


settings.register(
    Setting("free_weekdays", "sat, sun", "Free days of the week", GROUP, "For example “sat, sun” or “fri, sat”.",
            high=60, accepts=_weekdays_ok,
            otherwise="Write weekdays like “sat, sun”; at least one day must be left to work on."),
    Setting("holidays", "01-01\n12-25\n12-26\n", "Holidays of the host", GROUP,
            "One a line: 2026-12-24, or 12-25 for every year. Clocks of the programme stand still on them.",
            multiline=True, accepts=_holidays_ok, otherwise="Write one day a line: 2026-12-24, or 12-25 for every year."),
)  # fmt: skip
