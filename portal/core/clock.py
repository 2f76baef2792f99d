"""The one clock: aware UTC inside, the reader's zone outside (T4)."""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """This day in UTC."""
    return now().date()
