"""Dates of careers: a year, a month or a day (T4)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

SHAPE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
EARLIEST, LATEST = 1900, 2200


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """ "2014", "2014-06" or "2014-06-30"; orders by its first day within one precision."""

    text: str

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read a year, month or day; ValueError says what is wrong."""
        found = SHAPE.fullmatch(text.strip())
        if not found:
            raise ValueError("Write a year, a month or a day: 2014, 2014-06 or 2014-06-30.")
        year, month, day = (int(part) if part else None for part in found.groups())
        if not EARLIEST <= (year or 0) <= LATEST:
            raise ValueError(f"The year must be between {EARLIEST} and {LATEST}.")
        try:
            date(year or 0, month or 1, day or 1)
        except ValueError:
            raise ValueError("There is no such day in the calendar.") from None
        return cls("-".join(part for part in (f"{year:04}", month and f"{month:02}", day and f"{day:02}") if part))

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """The day itself."""
        return cls(day.isoformat())

    @property
    def first(self) -> date:
        """The first day it may mean."""
        return _days(self.text)[0]

    @property
    def last(self) -> date:
        """The last day it may mean: a year or month ends on its last day (I5)."""
        return _days(self.text)[1]

    @property
    def label(self) -> str:
        """For people: "2014", "June 2014", "30 June 2014"."""
        year, month, day = _parts(self.text)
        return " ".join(str(part) for part in (day, calendar.month_name[month] if month else None, year) if part)

    def __str__(self) -> str:
        return self.label


@lru_cache(maxsize=50_000)
def _read(text: str) -> PartialDate:
    """A stored date; a page reads dozens, and they are few."""
    return PartialDate(text)


@lru_cache(maxsize=50_000)
def _days(text: str) -> tuple[date, date]:
    """The first and the last day that a date may mean; careers have few dates, and lists ask for them often."""
    year, month, day = _parts(text)
    last_month = month or 12
    return date(year, month or 1, day or 1), date(year, last_month, day or calendar.monthrange(year, last_month)[1])


def _parts(text: str) -> tuple[int, int, int]:
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    return year, month, day


class PartialDateType(TypeDecorator[PartialDate]):
    """Stores a partial date as its text."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: PartialDate | None, dialect: Any) -> str | None:
        return None if value is None else value.text

    def process_result_value(self, value: str | None, dialect: Any) -> PartialDate | None:
        return None if value is None else _read(value)
