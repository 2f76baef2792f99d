"""A full house to walk through: the made-up community."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.accounts.models import EmailAddress
from portal.consents.actions import accept
from portal.core.access import viewer_of
from portal.core.db import db
from portal.demo.sign_ins import address_of
from portal.people.models import Person
from tests import databases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.core.application import Portal
    from tests.databases import Postgres, SQLite


@pytest.fixture(scope="package")
def app(database: SQLite | Postgres) -> Iterator[Portal]:
    """A house with the made-up community in it; nothing is counted on the walk."""
    with databases.demo(database) as house:
        house.config["PORTAL"] = replace(house.config["PORTAL"], limits="off")
        yield house


@pytest.fixture
def demo(app: Portal, someone: Callable[..., Any]) -> Callable[[str], Any]:
    """A browser in which one of the fixed sign-ins is signed in."""

    def open_for(name: str) -> Any:
        found = select(Person).join(EmailAddress, EmailAddress.person_id == Person.id)
        person = db.session.execute(found.where(EmailAddress.live_norm == address_of(name))).scalar_one()
        accept(person.id, how="sign-in", by=viewer_of(person.id))
        db.session.commit()
        return someone(person)

    return open_for
