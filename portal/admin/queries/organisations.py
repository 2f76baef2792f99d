"""Organisations and how many people name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from portal.careers.models import Position, Relation
from portal.core.db import rows
from portal.core.pages import Page, keyset
from portal.core.text import fold
from portal.organisations.models import Organisation, OrganisationAlias, OrganisationDomain
from portal.people.models import Person
from portal.people.policies import is_real

if TYPE_CHECKING:
    from sqlalchemy import Row

PAGE_SIZE = 50


def organisations(q: str = "", *, after: str | None = None, before: str | None = None) -> Page[Row[Any]]:
    """All organisations by name; `q` is looked for in names, other names and domains."""
    people = select(func.count(func.distinct(Position.person_id))).where(Position.organisation_id == Organisation.id)
    people = people.join(Person, Person.id == Position.person_id).where(is_real())
    found = select(
        Organisation.id, Organisation.public_id, Organisation.name, Organisation.industry, Organisation.is_host,
        Organisation.is_account_firm, people.correlate(Organisation).scalar_subquery().label("people"),
    ).where(Organisation.merged_into_id.is_(None))  # fmt: skip
    if folded := fold(q):
        named = select(OrganisationAlias.organisation_id).where(
            OrganisationAlias.folded_name.contains(folded, autoescape=True)
        )
        owned = select(OrganisationDomain.organisation_id).where(
            OrganisationDomain.domain.startswith(q.strip().lower(), autoescape=True)
        )
        found = found.where(
            or_(Organisation.folded_name.contains(folded, autoescape=True), Organisation.id.in_(named.union(owned)))
        )
    order = (Organisation.folded_name, Organisation.id)
    return keyset(found, order, size=PAGE_SIZE, after=after, before=before, ascending=True)


def numbers(organisation_id: int) -> dict[str, int]:
    """How many people are and were at an organisation, and how many bonds with the host it has."""
    people = select(func.count(func.distinct(Position.person_id))).where(Position.organisation_id == organisation_id)
    people = people.join(Person, Person.id == Position.person_id).where(is_real())
    bonds = select(func.count()).select_from(Relation).where(Relation.organisation_id == organisation_id)
    bonds = bonds.join(Person, Person.id == Relation.person_id).where(is_real())
    row = rows(select(people.scalar_subquery().label("people"), bonds.scalar_subquery().label("relations")))[0]
    return {"people": row.people, "relations": row.relations}
