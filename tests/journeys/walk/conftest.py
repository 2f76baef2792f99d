"""A full house to walk through: the made-up community, loaded once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.accounts.models import EmailAddress
from portal.consents.actions import accept, ensure_legal_texts
from portal.core import memory
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.demo import load
from portal.demo.sign_ins import address_of
from portal.people.models import Person
from tests.conftest import _empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.core.application import Portal


@pytest.fixture(scope="package")
def app(house: Portal) -> Iterator[Portal]:
    """The house with the made-up community in it; nothing is counted on the walk."""
    config = house.config["PORTAL"]
    with house.app_context():
        memory.forget()
        load.load()
        ensure_legal_texts(by=system_viewer())
        db.session.commit()
        house.config["PORTAL"] = replace(config, limits="off")
        yield house
        house.config["PORTAL"] = config
        db.session.remove()
        _empty()
        memory.forget()


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
