"""Writing organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from portal.core import audit, stamps
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid, Missing
from portal.core.mail_domains import read_own_domain
from portal.core.policy import require
from portal.core.text import fold
from portal.organisations import policies, queries
from portal.organisations.models import Organisation, OrganisationAlias, OrganisationDomain
from portal.organisations.signals import domain_changed, organisation_changed

if TYPE_CHECKING:
    from portal.core.access import Viewer


def find_or_create(name: str, *, by: Viewer) -> Organisation:
    """The organisation of this name, made if nobody named it before."""
    require(policies.can_name(by), "Please sign in first.")
    name = " ".join(name.split())
    if not 1 < len(name) <= 160 or not fold(name):
        raise Invalid("An organisation's name has between 2 and 160 characters.", "organisation")
    return queries.by_name(name) or add(Organisation(name=name, folded_name=fold(name)))


def create_host(name: str, *, by: Viewer) -> Organisation:
    """The company that runs this portal; there is one."""
    require(by.system, "The host is set up from the command line.")
    organisation = find_or_create(name, by=by)
    organisation.is_host = True
    return add(organisation)


def add_domain(organisation: Organisation, domain: str, *, by: Viewer) -> str:
    """Addresses at this domain are work addresses of the organisation; the domain as it is kept."""
    require(policies.can_keep(by), "Only an admin can keep domains.")
    try:
        domain = read_own_domain(domain)
    except ValueError as error:
        raise Invalid(str(error), "domain") from None
    owner = queries.by_domain(domain)
    if owner is not None and owner.id != organisation.id:
        raise Conflict(f"{domain} belongs to {owner.name} already.")
    if owner is None:
        add(OrganisationDomain(domain=domain, organisation_id=organisation.id))
        audit.record("add domain", organisation, by=by, note=domain)
        domain_changed.send(None, domain=domain)
    return domain


def add_alias(organisation: Organisation, name: str, *, by: Viewer) -> None:
    """Another spelling that means the same firm."""
    require(policies.can_keep(by), "Only an admin can keep aliases.")
    other = queries.by_name(name)
    if other is not None and other.id != organisation.id:
        raise Conflict(f"“{name}” means {other.name} already.")
    if other is None:
        add(OrganisationAlias(organisation_id=organisation.id, name=name, folded_name=fold(name)))
        audit.record("add alias", organisation, by=by, note=name)


def set_parent(organisation: Organisation, parent: Organisation | None, *, by: Viewer) -> None:
    """The firm belongs to another one, or stands alone again."""
    require(policies.can_keep(by), "Only an admin can keep the hierarchy of firms.")
    if parent is not None and organisation.id in (parent.id, *queries.above(parent.id)):
        raise Invalid(f"{parent.name} belongs to {organisation.name} already.", "parent")
    organisation.parent_id = parent.id if parent else None
    stamps.bump("hierarchy")
    audit.record("set parent", organisation, by=by, note=parent.name if parent else "")


def remove_alias(organisation: Organisation, alias_id: int, *, by: Viewer) -> None:
    """A spelling means this firm no more."""
    require(policies.can_keep(by), "Only an admin can keep aliases.")
    alias = queries.alias(organisation.id, alias_id)
    audit.record("remove alias", organisation, by=by, note=alias.name)
    db.session.delete(alias)
    db.session.flush()


def remove_domain(organisation: Organisation, domain: str, *, by: Viewer) -> None:
    """Addresses at this domain are no longer taken for work addresses of the organisation."""
    require(policies.can_keep(by), "Only an admin can keep domains.")
    if domain not in queries.domains_of(organisation.id):
        raise Missing("This domain is not the organisation's.")
    db.session.execute(delete(OrganisationDomain).where(OrganisationDomain.domain == domain))
    audit.record("remove domain", organisation, by=by, note=domain)
    domain_changed.send(None, domain=domain)


def edit_organisation(
    organisation: Organisation, *, name: str, industry: str, is_account_firm: bool, by: Viewer
) -> None:
    """Name an organisation anew, say what it does, and whether the host sells to it."""
    require(policies.can_keep(by), "Only an admin can keep organisations.")
    other = queries.by_name(name)
    if not 1 < len(name) <= 160 or not fold(name):
        raise Invalid("An organisation's name has between 2 and 160 characters.", "name")
    if other is not None and other.id != organisation.id:
        raise Invalid(f"“{name}” means {other.name} already.", "name")
    before = _described(organisation)
    organisation.name, organisation.folded_name = name, fold(name)
    organisation.industry, organisation.is_account_firm = industry, is_account_firm
    db.session.flush()
    stamps.bump("hierarchy")
    if name != before["name"]:
        organisation_changed.send(None, organisation_id=organisation.id)
    audit.record("edit organisation", organisation, by=by, before=before, after=_described(organisation))


def _described(organisation: Organisation) -> dict[str, Any]:
    return {name: getattr(organisation, name) for name in ("name", "industry", "is_account_firm")}
