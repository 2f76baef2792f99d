"""Which organisation a name in a file means: by name, other name, or made when nobody named it before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.core import clock
from portal.core.mail_domains import is_provider, with_parents
from portal.core.tokens import new_public_id
from portal.imports.batches import among, asked, in_parts, insert_all
from portal.imports.deriving import is_no_firm
from portal.imports.rows import folded
from portal.organisations.models import Organisation, OrganisationAlias, OrganisationDomain
from portal.organisations.queries import host

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation as rows name it; `key` is its id, its folded name while it is not there yet, "" for none."""

    key: int | str
    name: str
    is_host: bool = False


NOBODY = Firm("", "")


class Firms:
    """The organisations that a batch names, found in a few questions."""

    def __init__(self) -> None:
        self.host = host()
        self._known: dict[str, Firm] = {}
        self._domains: dict[str, int] | None = None

    def load(self, names: Iterable[str]) -> None:
        """Look up all names at once."""
        wanted = {short: name for name in names if (short := folded(name)) and short not in self._known}
        found: dict[str, Firm] = {}
        for part in in_parts(wanted):
            alias = select(OrganisationAlias.folded_name, Organisation.id, Organisation.name)
            alias = alias.join(Organisation, Organisation.id == OrganisationAlias.organisation_id)
            named = select(Organisation.folded_name, Organisation.id, Organisation.name)
            for statement, column in ((alias, OrganisationAlias.folded_name), (named, Organisation.folded_name)):
                for short, key, name in asked(statement.where(among(column, part))):
                    found[short] = Firm(key, name, key == self.host.id)
        for short, name in wanted.items():
            self._known[short] = found.get(short) or (NOBODY if is_no_firm(name) else Firm(short, name))

    def find(self, name: str) -> Firm:
        """The firm of a name; none at all is the host, whose own files need not say it."""
        if not name:
            return Firm(self.host.id, self.host.name, True)
        short = folded(name)
        if short not in self._known:
            self.load([name])
        return self._known.get(short, NOBODY)

    def make(self, firms: Iterable[Firm]) -> list[int]:
        """Make those that are not there yet; the ids of the new ones."""
        new = {firm.key: firm for firm in firms if isinstance(firm.key, str) and firm.key}
        values = [
            {"public_id": new_public_id(), "name": firm.name, "folded_name": key, "industry": "", "is_host": False,
             "is_account_firm": False, "created_at": clock.now()}
            for key, firm in new.items()
        ]  # fmt: skip
        insert_all(Organisation, values)
        for part in in_parts(new):
            made = select(Organisation.folded_name, Organisation.id, Organisation.name)
            for short, key, name in asked(made.where(among(Organisation.folded_name, part))):
                self._known[short] = Firm(key, name)
        return [firm.key for key in new if isinstance((firm := self._known[str(key)]).key, int)]

    def id_of(self, firm: Firm) -> int:
        """The id of a firm that is there by now."""
        return firm.key if isinstance(firm.key, int) else int(self._known[firm.key].key)

    def address_kind(self, domain: str) -> str:
        """`work` at a known firm's domain, else `personal` until the person says otherwise (I4)."""
        if is_provider(domain):
            return "personal"
        if self._domains is None:
            self._domains = dict(asked(select(OrganisationDomain.domain, OrganisationDomain.organisation_id)))
        return "personal" if self._domains.keys().isdisjoint(with_parents(domain)) else "work"
