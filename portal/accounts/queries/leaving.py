"""Reading who is about to leave a firm whose address is their way in (I4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from portal.accounts.models import EmailAddress
from portal.accounts.queries.addresses import HAS_ACCOUNT
from portal.careers.models import Position, Relation
from portal.careers.queries import open_ties
from portal.core.db import rows
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterator


def leavers(first: date, last: date) -> Iterator[tuple[int, int, date]]:
    """Person, organisation and day of each last tie that ends between two days, of people without an own address."""
    own = exists().where(
        EmailAddress.person_id == Person.id, EmailAddress.kind == "personal", EmailAddress.state.in_(("live", "stale"))
    )
    ending = set()
    for table in (Position, Relation):
        found = select(table.person_id, table.organisation_id, table.ends_on).join(Person, Person.id == table.person_id)
        ending |= {tuple(row) for row in rows(found.where(table.ends_on.between(first, last), *HAS_ACCOUNT, ~own))}
    for person_id, organisation_id, day in sorted(ending):
        if not open_ties(person_id, organisation_id, day):
            yield person_id, organisation_id, day
