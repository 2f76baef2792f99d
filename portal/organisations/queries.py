"""Reading organisations."""

from __future__ import annotations

from sqlalchemy import or_, select

from portal.core.db import db, get_one, scalars
from portal.core.text import fold
from portal.organisations.models import Organisation, OrganisationAlias, OrganisationDomain

NO_SUCH = "There is no such organisation."


def organisation(public_id: str) -> Organisation:
    """An organisation by its public id."""
    return get_one(select(Organisation).where(Organisation.public_id == public_id), NO_SUCH)


def host() -> Organisation:
    """The company that runs this portal."""
    return get_one(select(Organisation).where(Organisation.is_host), "The host is not set up yet; run `portal create-admin`.")


def by_name(name: str) -> Organisation | None:
    """The organisation of this name or alias, accents and case folded."""
    folded = fold(name)
    alias = select(OrganisationAlias.organisation_id).where(OrganisationAlias.folded_name == folded)
    found = select(Organisation).where(or_(Organisation.folded_name == folded, Organisation.id.in_(alias)))
    return db.session.execute(found.order_by(Organisation.id).limit(1)).scalar_one_or_none()


def by_domain(domain: str) -> Organisation | None:
    """The organisation that owns a mail domain or a parent of it."""
    labels = domain.lower().split(".")
    candidates = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    found = select(Organisation).join(OrganisationDomain).where(OrganisationDomain.domain.in_(candidates))
    return db.session.execute(found.limit(1)).scalar_one_or_none()


def domains_of(organisation_id: int) -> list[str]:
    """The mail domains of an organisation."""
    return scalars(select(OrganisationDomain.domain).where(OrganisationDomain.organisation_id == organisation_id))


def suggest(text: str, limit: int = 8) -> list[Organisation]:
    """Organisations whose name begins with these letters."""
    folded = fold(text)
    found = select(Organisation).where(Organisation.folded_name.between(folded, folded + "\uffff"))
    return scalars(found.order_by(Organisation.folded_name).limit(limit))
