"""When two referrals are of the same lead: one organisation by name, alias or domain, or one person by address (A8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.mail_domains import is_provider
from portal.core.text import fold
from portal.organisations import queries as organisations

if TYPE_CHECKING:
    from portal.organisations.models import Organisation


def keys_of(kind: str, company: str, norm: str) -> list[str]:
    """By what this lead is known, in one order everywhere, so that two who claim at once never wait for each other.

    A candidate is a person: that two people work at one firm makes them no duplicates.
    """
    keys = {f"person:{norm}"} if norm else set()
    if kind != "candidate":
        keys |= _firm_keys(company, norm.rpartition("@")[2])
    return sorted(keys)


def _firm_keys(company: str, domain: str) -> set[str]:
    """The name as typed, and whatever the firms that are meant by it or by the address are known by."""
    named = organisations.by_name(company)
    owner = organisations.by_domain(domain) if domain else None
    keys = {f"name:{fold(company)}"}
    for firm in (named, owner):
        keys |= _known_by(firm) if firm is not None else set()
    if domain and owner is None and not is_provider(domain):
        keys.add(f"domain:{domain}")
    return keys


def _known_by(firm: Organisation) -> set[str]:
    names = {firm.folded_name, *(alias.folded_name for alias in organisations.aliases_of(firm.id))}
    return {f"name:{name}" for name in names} | {f"domain:{one}" for one in organisations.domains_of(firm.id)}
