"""How long two people were at the same place, told no more exactly than their dates are known."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from portal.core import clock
from portal.core.partial_dates import PartialDate
from portal.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

DAYS_PER_MONTH, DAYS_PER_YEAR = 30.4375, 365.25
PRECISE = 62  # two ends that are known to the month leave no more than this open
CLOSER, NEARER = 3.0, 1.5  # a shared department makes a month count three times, a shared site one and a half


class Overlap(NamedTuple):
    """Days shared: at least, probably, at most; and from when to when, probably."""

    least: int
    likely: int
    most: int
    begins: date
    ends: date


class Stay(NamedTuple):
    """A time at an organisation; without an end it goes on."""

    organisation_id: int
    start: PartialDate
    end: PartialDate | None = None
    department: str = ""
    site: str = ""
    home: str = ""  # the firm that somebody came from who was there for another one: an assignment
    what: str = ""  # what the assignment was about

    @property
    def begins(self) -> date:
        """Probably the first day: the middle of what the date may mean."""
        return _middle(self.start)

    @property
    def ends(self) -> date:
        """Probably the last day, today at the latest."""
        return min(_middle(self.end), clock.today()) if self.end else clock.today()

    @property
    def ends_latest(self) -> date:
        """The last day it may mean, today at the latest."""
        return min(self.end.last, clock.today()) if self.end else clock.today()

    @property
    def ends_earliest(self) -> date:
        """The first day that the end may mean."""
        return min(self.end.first, clock.today()) if self.end else clock.today()


def overlap(one: Stay, other: Stay) -> Overlap | None:
    """What two stays share, or None when they can't have met."""
    most = _days(max(one.start.first, other.start.first), min(one.ends_latest, other.ends_latest))
    if most == 0:
        return None
    least = _days(max(one.start.last, other.start.last), min(one.ends_earliest, other.ends_earliest))
    begins, ends = max(one.begins, other.begins), min(one.ends, other.ends)
    likely = min(max(_days(begins, ends), least, 1), most)
    return Overlap(least, likely, most, begins, max(begins, ends))


def together(overlaps: Iterable[Overlap]) -> Overlap:
    """Several overlaps at one firm as one: days that two of them share count once."""
    parts = sorted(overlaps, key=lambda each: each.begins)
    likely, reached = 0, date.min
    for part in parts:
        begins = max(part.begins, reached)
        likely += min(_days(begins, part.ends), part.likely)
        reached = max(reached, part.ends + timedelta(days=1))
    open_ = max(part.most - part.least for part in parts)
    likely = max(likely, 1)
    return Overlap(max(likely - open_, 0), likely, likely + open_, parts[0].begins, max(part.ends for part in parts))


def closeness(one: Stay, other: Stay) -> float:
    """How much more a shared month says when people sat close to each other."""
    if same_words(one.department, other.department):
        return CLOSER
    return NEARER if same_words(one.site, other.site) else 1.0


def same_words(one: str, other: str) -> bool:
    """Whether two departments or sites are one, however they are spelled."""
    return bool(one and other) and (one == other or _folded(one) == _folded(other))


_folded = lru_cache(maxsize=10_000)(fold)


def in_words(shared: Overlap) -> str:
    """ "14 months together", "about 2 years together", "both around 2014"."""
    open_ = shared.most - shared.least
    if shared.least == 0 and shared.likely < DAYS_PER_YEAR / 2 and open_ > PRECISE:
        return f"Both around {shared.begins.year}"
    return (_exactly(shared.likely) if open_ <= PRECISE else _about(shared.likely)) + " together"


def _exactly(days: int) -> str:
    months = round(days / DAYS_PER_MONTH)
    if days < 28:
        return "1 day" if days == 1 else f"{days} days"
    if months < 36:
        return "1 month" if months == 1 else f"{months} months"
    years, rest = divmod(months, 12)
    return f"{years} years" + (f" and {rest} months" if rest > 1 else " and a month" if rest else "")


def _about(days: int) -> str:
    years = round(days / DAYS_PER_YEAR)
    if years == 0:
        return "Some months"
    return "About a year" if years == 1 else f"About {years} years"


def _middle(day: PartialDate) -> date:
    return day.first + (day.last - day.first) / 2


def _days(first: date, last: date) -> int:
    return max((last - first).days + 1, 0)
