"""Members who were here lately, and a Tuesday morning on which their letters go out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts.models import Session
from portal.core import clock
from portal.core.db import db
from portal.core.jobs import enqueue, run_due
from portal.digests.jobs import write_letters
from tests.factories import open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.people.models import Person
    from tests.factories import Make

TUESDAY = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)  # an hour after letters go out where clocks show UTC


@pytest.fixture(autouse=True)
def tuesday(app: Any) -> Iterator[Any]:
    """It is Tuesday, nine o'clock UTC."""
    with time_machine.travel(TUESDAY) as traveller:
        yield traveller


@pytest.fixture
def reader(make: Make) -> Callable[..., Person]:
    """A member who signed in, some days ago."""

    def made(*args: Any, days_away: int = 3, **kwargs: Any) -> Person:
        person = make.member(*args, **kwargs)
        open_session(person)
        db.session.query(Session).filter_by(person_id=person.id).update(
            {"last_used_at": clock.now() - timedelta(days=days_away)}
        )
        db.session.commit()
        return person

    return made


@pytest.fixture
def post(app: Any) -> Callable[[], None]:
    """The hourly job and everything that follows from it."""

    def run() -> None:
        db.session.remove()
        enqueue(write_letters)
        run_due(strict=True)

    return run
