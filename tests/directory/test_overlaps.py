"""How long two people were at one place: the arithmetic, by its properties."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from portal.core.partial_dates import PartialDate
from portal.directory.overlaps import Overlap, Stay, in_words, overlap, together

DAYS = st.dates(date(1950, 1, 1), date(2020, 12, 31))
PRECISIONS = st.sampled_from((4, 7, 10))


def stay(start: str, end: str = "", **more: str) -> Stay:
    return Stay(1, PartialDate.parse(start), PartialDate.parse(end) if end else None, **more)


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    start = first.isoformat()[: draw(PRECISIONS)]
    end = last.isoformat()[: draw(PRECISIONS)] if draw(st.booleans()) else ""
    if end and PartialDate.parse(end).last < PartialDate.parse(start).first:
        end = ""
    return stay(start, end)


@given(stays(), stays())
def test_it_is_symmetric(one: Stay, other: Stay) -> None:
    """Overlap months: symmetry."""
    assert overlap(one, other) == overlap(other, one)


@given(stays(), stays())
def test_the_probable_lies_between_the_least_and_the_most(one: Stay, other: Stay) -> None:
    shared = overlap(one, other)
    if shared is not None:
        assert 0 <= shared.least <= shared.likely <= shared.most
        assert shared.likely >= 1
        assert shared.begins <= shared.ends


@given(DAYS, DAYS, DAYS, DAYS)
def test_a_time_inside_another_is_shared_whole(one: date, two: date, three: date, four: date) -> None:
    """Overlap months: containment, exact to the day."""
    first, inner_first, inner_last, last = sorted((one, two, three, four))
    outer, inner = stay(first.isoformat(), last.isoformat()), stay(inner_first.isoformat(), inner_last.isoformat())
    shared = overlap(outer, inner)
    length = (inner_last - inner_first).days + 1
    assert shared == Overlap(length, length, length, inner_first, inner_last)


@given(stays(), stays(), st.integers(1, 2000))
def test_a_longer_stay_never_shares_less(one: Stay, other: Stay, more: int) -> None:
    """Overlap months: monotony."""
    shared = overlap(one, other)
    longer = Stay(1, PartialDate.of(one.start.first - timedelta(days=more)), one.end)
    assert shared is None or (overlap(longer, other) or shared).most >= shared.most


@given(stays())
def test_with_oneself_it_is_the_whole_time(one: Stay) -> None:
    shared = overlap(one, one)
    assert shared is not None
    assert shared.most == (one.ends_latest - one.start.first).days + 1


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=5))
def test_days_shared_twice_count_once(pairs: list[tuple[date, date]]) -> None:
    """Several overlaps at one firm never make more days than the calendar has between their ends."""
    exact = []
    for pair in pairs:
        first, last = sorted(pair)
        days = (last - first).days + 1
        exact.append(Overlap(days, days, days, first, last))
    calendar = {first.begins + timedelta(days=n) for first in exact for n in range(min(first.likely, 400))}
    whole = together(exact)
    assert whole.likely <= (whole.ends - whole.begins).days + 1
    if all(each.likely <= 400 for each in exact):
        assert whole.likely == len(calendar)


def test_people_who_never_met_share_nothing() -> None:
    assert overlap(stay("2001", "2003"), stay("2004", "2006")) is None
    assert overlap(stay("2001-03-01", "2001-03-31"), stay("2001-04-01")) is None


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (("2010-01-01", "2015-12-31"), ("2014-11-01", "2015-12-31"), "14 months together"),
        (("2010-01", "2015-12"), ("2014-11", "2015-12"), "13 months together"),
        (("2010-03-01", "2012-03-31"), ("2012-03-10", "2013-01-01"), "22 days together"),
        (("2010-03-01", "2012-03-31"), ("2012-03-31", "2013-01-01"), "1 day together"),
        (("2010-03-01", "2012-03-31"), ("2012-03-01", "2013-01-01"), "1 month together"),
        (("2000-01-01", "2010-12-31"), ("2004-01-01", "2008-06-30"), "4 years and 6 months together"),
        (("2000-01-01", "2010-12-31"), ("2004-01-01", "2006-12-31"), "3 years together"),
        (("2010", "2014"), ("2012", "2014"), "About 2 years together"),
        (("2010", "2013"), ("2012", "2016"), "About a year together"),
        (("2010", "2014"), ("2014", "2018"), "Both around 2014"),
    ],
)
def test_it_is_told_no_more_exactly_than_it_is_known(one: tuple[str, str], other: tuple[str, str], words: str) -> None:
    """T4: a year is a year."""
    shared = overlap(stay(*one), stay(*other))
    assert shared is not None
    assert in_words(shared) == words


def test_what_goes_on_ends_today() -> None:
    with time_machine.travel(date(2026, 11, 22)):
        shared = overlap(stay("2026-11-01"), stay("2026-11-13"))
    assert shared is not None
    assert shared.likely == 10
