"""Reading addresses that two accounts say are theirs (I7)."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.accounts.models import AddressDispute, EmailAddress
from portal.core.db import db, get_one, scalars
from portal.core.errors import Missing
from portal.people.models import Person

NO_DISPUTE = "There is no such question about an address."


class Both(NamedTuple):
    """A dispute with what an admin has to see of it."""

    dispute: AddressDispute
    held: EmailAddress
    holder: Person
    claimant: Person


def open_dispute_about(claim_id: int) -> AddressDispute | None:
    """The question that is open about a claim."""
    found = select(AddressDispute).where(AddressDispute.claim_id == claim_id, AddressDispute.state == "open")
    return db.session.execute(found).scalar_one_or_none()


def disputed(person_id: int) -> dict[int, AddressDispute]:
    """The open questions about addresses that a person holds, by address."""
    found = select(AddressDispute).where(AddressDispute.holder_id == person_id, AddressDispute.state == "open")
    return {row.address_id: row for row in scalars(found)}


def claims_in_question(person_id: int) -> set[int]:
    """The person's own addresses that they proved and another account holds: somebody looks at them."""
    found = select(AddressDispute.claim_id).where(AddressDispute.claimant_id == person_id)
    return set(scalars(found.where(AddressDispute.state == "open")))


def own_dispute(person_id: int, public_id: str) -> AddressDispute:
    """An open question about an address that the person holds."""
    found = select(AddressDispute).where(AddressDispute.public_id == public_id, AddressDispute.holder_id == person_id)
    return get_one(found.where(AddressDispute.state == "open"), NO_DISPUTE)


def open_disputes() -> list[Both]:
    """What waits for an admin, the oldest first."""
    waiting = _both().where(AddressDispute.state == "open").order_by(AddressDispute.id).limit(100)
    return [Both(*row) for row in db.session.execute(waiting)]


def dispute(public_id: str) -> Both:
    """One of them."""
    found = db.session.execute(_both().where(AddressDispute.public_id == public_id)).one_or_none()
    if found is None:
        raise Missing(NO_DISPUTE)
    return Both(*found)


def count_disputes() -> int:
    """How many wait for an admin."""
    return db.session.execute(select(func.count()).where(AddressDispute.state == "open")).scalar_one()


def _both() -> Any:
    holder, claimant = aliased(Person), aliased(Person)
    return (
        select(AddressDispute, EmailAddress, holder, claimant)
        .join(EmailAddress, EmailAddress.id == AddressDispute.address_id)
        .join(holder, holder.id == AddressDispute.holder_id)
        .join(claimant, claimant.id == AddressDispute.claimant_id)
    )
