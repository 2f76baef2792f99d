"""Working days follow the host's calendar (A6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as calmly
from hypothesis import strategies as some

from portal.core import settings, workdays
from portal.core.access import system_viewer
from portal.core.errors import Invalid

if TYPE_CHECKING:
    from portal.core.application import Portal

FRIDAY = datetime(2026, 11, 27, 15, tzinfo=UTC)
SATURDAY, MONDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=3)


def _set(key: str, value: str) -> None:
    settings.set_value(key, value, by=system_viewer())


def test_a_weekend_does_not_count(app: Portal) -> None:
    """A6: two working days after Friday afternoon is Tuesday afternoon; from Saturday the count begins on Monday."""
    assert workdays.add_workdays(FRIDAY, 2) == FRIDAY + timedelta(days=4)
    assert workdays.add_workdays(SATURDAY, 2) == datetime(2026, 12, 2, tzinfo=UTC)
    assert workdays.workdays_between(FRIDAY, MONDAY) == 1
    assert workdays.workdays_between(MONDAY, FRIDAY) == 0


def test_the_host_says_what_is_free(app: Portal) -> None:
    """A6: holidays of one year and of every year, and another weekend, hold at once."""
    _set("holidays", "2026-11-30  # St Andrew\n12-01\n")
    assert workdays.add_workdays(FRIDAY, 1) == FRIDAY + timedelta(days=5)
    _set("free_weekdays", "Friday, Saturday")
    assert not workdays.is_workday(FRIDAY.date())
    assert workdays.is_workday(datetime(2026, 11, 29, tzinfo=UTC).date())


@pytest.mark.parametrize(
    ("key", "value"),
    [("free_weekdays", "sat, someday"), ("free_weekdays", "mon tue wed thu fri sat sun"), ("holidays", "2026-02-30"),
     ("holidays", "Christmas"), ("holidays", "13-01")],
)  # fmt: skip
def test_a_calendar_that_cannot_be_is_refused(app: Portal, key: str, value: str) -> None:
    """A wrong day gets a sentence and changes nothing."""
    with pytest.raises(Invalid, match="Write"):
        _set(key, value)


@calmly(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(some.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC)), some.integers(0, 30))  # noqa: DTZ001
def test_counting_on_and_counting_between_agree(app: Portal, start: datetime, n: int) -> None:
    """A6: n working days on lands on a working day, and from a working day exactly n lie between."""
    end = workdays.add_workdays(start, n)
    assert workdays.is_workday(end.date())
    if workdays.is_workday(start.date()):
        assert workdays.workdays_between(start, end) == n
