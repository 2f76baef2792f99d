"""Reading organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.core import stamps
from portal.core.db import db, get_one, scalars
from portal.core.mail_domains import with_parents
from portal.core.memory import Memory
from portal.core.text import fold
from portal.organisations.models import (
    Organisation,
    OrganisationAlias,
    OrganisationDomain,
    OrganisationEvent,
    OrganisationMerge,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_SUCH = "There is no such organisation."


class Hierarchy:
    """Which firms belong to which: parents and names of all that have a parent or a child."""

    def __init__(self, parents: dict[int, int], names: dict[int, str]) -> None:
        self._parents, self._names = parents, names
        self._families: dict[int, set[int]] = {}
        for child in names:
            self._families.setdefault(self.root(child), set()).add(child)

    def root(self, organisation_id: int) -> int:
        """The firm at the top."""
        while organisation_id in self._parents:
            organisation_id = self._parents[organisation_id]
        return organisation_id

    def family(self, organisation_id: int) -> set[int]:
        """All firms under the same top, this one among them."""
        return self._families.get(self.root(organisation_id), {organisation_id})

    def with_those_below(self, organisation_ids: Iterable[int]) -> set[int]:
        """These firms and all that belong to them, however far down."""
        found, more = set(organisation_ids), True
        while more:
            new = {child for child, parent in self._parents.items() if parent in found} - found
            found, more = found | new, bool(new)
        return found

    def name(self, organisation_id: int, otherwise: str = "") -> str:
        """The name of the firm at the top, when there is one above."""
        return self._names.get(self.root(organisation_id), otherwise)


_hierarchies: Memory[int, Hierarchy] = Memory(2)


def above(organisation_id: int) -> list[int]:
    """The firms that a firm belongs to, the nearest first."""
    belonging = select(Organisation.id, Organisation.parent_id).where(Organisation.parent_id.is_not(None))
    parents = {row.id: row.parent_id for row in db.session.execute(belonging)}
    found: list[int] = []
    while (organisation_id := parents.get(organisation_id) or 0) and organisation_id not in found:
        found.append(organisation_id)
    return found


def hierarchy() -> Hierarchy:
    """The firms' hierarchy, remembered until it changes."""
    return _hierarchies.get(stamps.current("hierarchy"), _load_hierarchy)


def _load_hierarchy() -> Hierarchy:
    child, parent = aliased(Organisation), aliased(Organisation)
    found = db.session.execute(
        select(child.id, child.name, parent.id.label("parent_id"), parent.name.label("parent"))
        .join(parent, parent.id == child.parent_id)
    ).all()  # fmt: skip
    names = {row.id: row.name for row in found} | {row.parent_id: row.parent for row in found}
    return Hierarchy({row.id: row.parent_id for row in found}, names)


def organisation(public_id: str) -> Organisation:
    """An organisation by its public id."""
    return get_one(select(Organisation).where(Organisation.public_id == public_id), NO_SUCH)


def by_id(organisation_id: int) -> Organisation:
    """An organisation by the key inside."""
    return get_one(select(Organisation).where(Organisation.id == organisation_id), NO_SUCH)


_HOST = select(Organisation).where(Organisation.is_host)
_DOMAINS = select(OrganisationDomain.domain).where(OrganisationDomain.organisation_id == bindparam("organisation_id"))


def host() -> Organisation:
    """The company that runs this portal."""
    return get_one(_HOST, "The host is not set up yet; run `portal create-admin`.")


def by_name(name: str) -> Organisation | None:
    """The organisation of this name or alias, accents and case folded."""
    folded = fold(name)
    alias = select(OrganisationAlias.organisation_id).where(OrganisationAlias.folded_name == folded)
    found = select(Organisation).where(or_(Organisation.folded_name == folded, Organisation.id.in_(alias)))
    return db.session.execute(found.order_by(Organisation.id).limit(1)).scalar_one_or_none()


def by_domain(domain: str) -> Organisation | None:
    """The organisation that owns a mail domain or a parent of it."""
    found = select(Organisation).join(OrganisationDomain).where(OrganisationDomain.domain.in_(with_parents(domain)))
    return db.session.execute(found.limit(1)).scalar_one_or_none()


def domains_of(organisation_id: int) -> list[str]:
    """The mail domains of an organisation."""
    return scalars(_DOMAINS, organisation_id=organisation_id)


def suggest(text: str, limit: int = 8) -> list[Organisation]:
    """Organisations whose name begins with these letters."""
    folded = fold(text)
    found = select(Organisation).where(Organisation.folded_name.between(folded, folded + "\uffff"))
    return scalars(found.order_by(Organisation.folded_name).limit(limit))


def aliases_of(organisation_id: int) -> list[OrganisationAlias]:
    """The other names of an organisation."""
    found = select(OrganisationAlias).where(OrganisationAlias.organisation_id == organisation_id)
    return scalars(found.order_by(OrganisationAlias.folded_name))


def alias(organisation_id: int, alias_id: int) -> OrganisationAlias:
    """One other name of an organisation."""
    found = select(OrganisationAlias).where(OrganisationAlias.id == alias_id)
    return get_one(found.where(OrganisationAlias.organisation_id == organisation_id), "There is no such name.")


def merged_into(public_id: str) -> str | None:
    """The public id of the firm that a merged one became, however often it was merged; the old address leads there."""
    into = aliased(Organisation)
    step = select(into.public_id).join(Organisation, Organisation.merged_into_id == into.id)
    found: str | None = None
    while (
        further := db.session.execute(step.where(Organisation.public_id == (found or public_id))).scalar()
    ) is not None:
        found = further
    return found


def events_of(organisation_id: int) -> list[OrganisationEvent]:
    """What happened to a firm, the last first."""
    found = select(OrganisationEvent).where(OrganisationEvent.organisation_id == organisation_id)
    return scalars(found.order_by(OrganisationEvent.happened.desc(), OrganisationEvent.id.desc()))


def event(organisation_id: int, event_id: int) -> OrganisationEvent:
    """One thing that happened to a firm."""
    found = select(OrganisationEvent).where(OrganisationEvent.id == event_id)
    return get_one(found.where(OrganisationEvent.organisation_id == organisation_id), "There is no such entry.")


def merges_of(organisation_id: int) -> list[OrganisationMerge]:
    """The records that were merged into a firm, the last first."""
    found = select(OrganisationMerge).where(
        OrganisationMerge.kept_id == organisation_id, OrganisationMerge.undone_at.is_(None)
    )  # fmt: skip
    return scalars(found.options(joinedload(OrganisationMerge.gone)).order_by(OrganisationMerge.id.desc()))


def merge(public_id: str) -> OrganisationMerge:
    """A merge."""
    found = select(OrganisationMerge).where(OrganisationMerge.public_id == public_id)
    return get_one(found, "There is no such merge.")
