"""What the stories of the directory need: values on profiles, positions with an audience."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.careers.actions import add_position
from portal.core.db import add, db
from portal.core.partial_dates import PartialDate
from portal.core.text import fold
from portal.profiles.models import ProfileEntry
from portal.profiles.terms import refresh_terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.factories import Make


@pytest.fixture
def shows(make: Make) -> Callable[..., None]:
    """Let a person show a value to an audience."""

    def show(person: Person, field: str, value: str, audience: str = "members") -> None:
        add(ProfileEntry(person_id=person.id, field=field, value=value, folded=fold(value), audience=audience))
        refresh_terms(person.id)
        db.session.commit()

    return show


@pytest.fixture
def works(make: Make) -> Callable[..., Any]:
    """Let a person add a position: at, from, to, department, audience."""

    def work(person: Person, firm: str, start: str, end: str = "", **more: Any) -> Any:
        dates = {"start": PartialDate.parse(start), "end": PartialDate.parse(end) if end else None}
        position = add_position(person, firm, **dates, **more, by=make.viewer(person))
        db.session.commit()
        return position

    return work
