"""An admin's browser, and a second admin so that nobody is the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.core.audit import AuditRow
from portal.core.db import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make


@pytest.fixture
def ada(make: Make) -> Person:
    """An admin."""
    return make.member("Ada Okafor", roles=("admin",))


@pytest.fixture
def office(browse: Browser, ada: Person) -> Browser:
    """The back office as the admin has it open."""
    return browse.as_(ada)


@pytest.fixture
def deeds() -> Callable[[], list[str]]:
    """The verbs of the audit trail so far, oldest first."""

    def read() -> list[str]:
        db.session.rollback()
        return list(db.session.scalars(select(AuditRow.verb).order_by(AuditRow.id)))

    return read
