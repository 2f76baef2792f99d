"""Dates of careers may be a year, a month or a day (T4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.partial_dates import PartialDate

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(DAYS)
def test_a_year_a_month_and_a_day_hold_the_days_they_mean(day: date) -> None:
    """T4: what a partial date means is a stretch of days that lie in each other."""
    year, month, exact = (PartialDate.parse(day.isoformat()[:length]) for length in (4, 7, 10))
    assert year.first <= month.first <= exact.first == day == exact.last <= month.last <= year.last
    assert (year.first, year.last) == (date(day.year, 1, 1), date(day.year, 12, 31))
    assert month.first.day == 1
    assert (month.last + timedelta(days=1)).day == 1


@given(DAYS, st.sampled_from((4, 7, 10)))
def test_what_is_written_is_read_again(day: date, length: int) -> None:
    """T4: the text is kept as written, to the precision that was given."""
    text = day.isoformat()[:length]
    assert PartialDate.parse(text).text == text
    assert PartialDate.parse(f" {text} ") == PartialDate.parse(text)


def test_people_read_words() -> None:
    """T4: a label for each precision."""
    assert [PartialDate.parse(text).label for text in ("2014", "2014-6", "2014-06-30")] == [
        "2014",
        "June 2014",
        "30 June 2014",
    ]


@pytest.mark.parametrize(
    "text", ["", "14", "2014-13", "2014-02-30", "2014-06-30-1", "June 2014", "1899", "20145", "2014-"]
)
def test_what_is_no_date_is_refused_with_a_sentence(text: str) -> None:
    """T4: the sentence says what to write."""
    with pytest.raises(ValueError, match=r"\.$"):
        PartialDate.parse(text)
