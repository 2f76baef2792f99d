"""Reading addresses: whose they are, which of them can be reached, and what kind they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, exists, func, or_, select

from portal.accounts.mailboxes import normal
from portal.accounts.models import HOLDING, EmailAddress
from portal.careers.queries import open_ties
from portal.core import clock
from portal.core.db import db, get_one, rows, scalars
from portal.core.mail_domains import is_provider
from portal.core.outbox import SOFT, OutboxMail
from portal.organisations.queries import by_domain, domains_of
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement

BEFORE_ALL = date(1800, 1, 1)  # everything that ever ended was open then
NO_SUCH_ADDRESS = "There is no such address among yours."
# A person who can have an account: claimed, and alive.
HAS_ACCOUNT = (Person.claimed_at.is_not(None), Person.remembered_at.is_(None), Person.is_system.is_(False))


def addresses_of(person_id: int) -> list[EmailAddress]:
    """A person's addresses for their own page: the primary first, history last."""
    found = select(EmailAddress).where(EmailAddress.person_id == person_id, EmailAddress.state != "removed")
    in_use = case((EmailAddress.state.in_(HOLDING), 0), (EmailAddress.state == "unverified", 1), else_=2)
    return scalars(found.order_by(EmailAddress.is_primary.desc(), in_use, EmailAddress.id))


def own_address(person_id: int, public_id: str) -> EmailAddress:
    """One of a person's own addresses."""
    found = select(EmailAddress).where(EmailAddress.public_id == public_id, EmailAddress.person_id == person_id)
    return get_one(found.where(EmailAddress.state != "removed"), NO_SUCH_ADDRESS)


def own_by_norm(person_id: int, norm: str) -> EmailAddress | None:
    """A person's own row for an address, whatever its state but removed."""
    found = select(EmailAddress).where(EmailAddress.person_id == person_id, EmailAddress.norm == norm)
    return db.session.execute(found.where(EmailAddress.state != "removed")).scalar_one_or_none()


def address_by_id(address_id: int) -> EmailAddress:
    """An address by the key inside."""
    return get_one(select(EmailAddress).where(EmailAddress.id == address_id), NO_SUCH_ADDRESS)


def live_addresses(person_id: int) -> list[EmailAddress]:
    """The addresses a person can be reached at now, personal ones first."""
    order = (EmailAddress.kind == "work", EmailAddress.is_primary.desc(), EmailAddress.id)
    return scalars(select(EmailAddress).where(EmailAddress.person_id == person_id, mailable()).order_by(*order))


def primary_address(person_id: int, *, proved: bool = False) -> str | None:
    """Where a member's mail goes; None for those who stepped back, are remembered, or can't be reached.

    `proved` leaves out an address that nobody has shown to read for a year: what names employers goes there not (R23).
    """
    order = (EmailAddress.is_primary.desc(), EmailAddress.kind == "work", EmailAddress.id)
    found = (
        select(EmailAddress.address)
        .join(Person)
        .where(Person.id == person_id, Person.listed, Person.remembered_at.is_(None))
    )
    fit = EmailAddress.state == "live" if proved else mailable()
    return db.session.execute(found.where(fit).order_by(*order).limit(1)).scalar_one_or_none()


def told(person_id: int) -> list[EmailAddress]:
    """The addresses that hear of changes to the account (I6, R11)."""
    found = select(EmailAddress).where(EmailAddress.person_id == person_id, EmailAddress.state.in_(("live", "stale")))
    return scalars(found.order_by(EmailAddress.id))


def mailable() -> ColumnElement[bool]:
    """Live, or a personal one that was not proved for a year: it is still read (R5)."""
    return or_(EmailAddress.state == "live", (EmailAddress.state == "stale") & (EmailAddress.kind == "personal"))


def has_proved_address(person_id: Any) -> ColumnElement[bool]:
    """Where-clause: the person of each row has an address that was proved within a year."""
    return exists(select(EmailAddress.id).where(EmailAddress.person_id == person_id, EmailAddress.state == "live"))


def is_work(address: EmailAddress) -> bool:
    """Whether an address is an employer's: it was added as one, or its domain has become a known firm's (I4)."""
    return address.kind == "work" or by_domain(address.domain) is not None


def kind_of(domain: str) -> str | None:
    """`work` for a known firm's domain, `personal` at a provider of mail, None when only the person knows (I4)."""
    if by_domain(domain) is not None:
        return "work"
    return "personal" if is_provider(domain) else None


def at_domain(domain: str) -> ColumnElement[bool]:
    """Where-clause: addresses at a domain or below it, as `by_domain` reads them."""
    return or_(EmailAddress.domain == domain, EmailAddress.domain.endswith(f".{domain}", autoescape=True))


def count_at(domain: str, kind: str) -> int:
    """How many addresses of a kind people hold at a domain or below it."""
    found = select(func.count()).select_from(EmailAddress).where(at_domain(domain), EmailAddress.kind == kind)
    return db.session.execute(found.where(EmailAddress.state.in_(HOLDING))).scalar_one()


def works_there(person_id: int, domain: str) -> bool:
    """Whether the domain belongs to a current employer of the person."""
    firm = by_domain(domain)
    return firm is not None and bool(open_ties(person_id, firm.id, clock.today()))


_HELD = (
    select(EmailAddress)
    .where(EmailAddress.person_id == bindparam("person_id"), EmailAddress.state.in_((*HOLDING, "dead", "unverified")))
    .order_by(EmailAddress.id)
)


def addresses_at(person_id: int, organisation_id: int) -> list[EmailAddress]:
    """A person's addresses at an organisation's domains that are in use or wait to be confirmed."""
    domains = domains_of(organisation_id)
    found = scalars(_HELD, person_id=person_id) if domains else []
    return [row for row in found if any(row.domain == d or row.domain.endswith(f".{d}") for d in domains)]


def has_left(person_id: int, domain: str) -> bool:
    """Whether the domain belongs to a firm that the person has left for good (I5)."""
    firm = by_domain(domain)
    if firm is None or open_ties(person_id, firm.id, clock.today()):
        return False
    return bool(open_ties(person_id, firm.id, BEFORE_ALL))


def retired_too_soon(addresses: Iterable[EmailAddress]) -> set[int]:
    """Of one person's addresses, those that ended with work which goes on after all: a move was taken back, say."""
    return {row.id for row in addresses if row.state == "retired" and not has_left(row.person_id, row.domain)}


def holder(norm: str) -> EmailAddress | None:
    """The address that names an account (I3): whoever holds it verified."""
    found = select(EmailAddress).join(Person).where(EmailAddress.live_norm == norm, *HAS_ACCOUNT)
    return db.session.execute(found).scalar_one_or_none()


def is_taken(norm: str) -> bool:
    """Whether somebody holds this address."""
    return bool(db.session.execute(select(exists().where(EmailAddress.live_norm == norm))).scalar())


def may_be_written(person_id: int, norm: str, *, security: bool, removed_too: bool) -> bool:
    """Whether a mail that waits may still go to this address of a person; `removed_too` for what protects the owner."""
    person = db.session.execute(select(Person).where(Person.id == person_id)).scalar_one_or_none()
    if person is None or person.remembered_at is not None or (person.stepped_back_at is not None and not security):
        return False
    states = set(scalars(
        select(EmailAddress.state).where(EmailAddress.person_id == person_id, EmailAddress.norm == norm)
    ))  # fmt: skip
    over = {"retired"} if removed_too else {"retired", "dead", "removed"}
    if not security:
        over = over | {"suspended"}  # only the link that confirms it again goes there
    return not states or bool(states - over)


def proved_at(person_id: int, norm: str) -> datetime | None:
    """When a person last showed that they read an address."""
    found = select(EmailAddress.proved_at).where(EmailAddress.person_id == person_id, EmailAddress.norm == norm)
    return db.session.execute(found.order_by(EmailAddress.id.desc()).limit(1)).scalar()


def domains_in_use(after: str, size: int) -> list[str]:
    """The next domains, in the order of the alphabet, at which somebody holds an address."""
    found = select(EmailAddress.domain).where(EmailAddress.live_norm.is_not(None), EmailAddress.domain > after)
    return scalars(found.distinct().order_by(EmailAddress.domain).limit(size))


def soft_bounces(address: EmailAddress, since: datetime) -> int:
    """How many mails to an address came back for now since then, and since it was proved."""
    start = max(since, address.proved_at or since)
    found = select(OutboxMail.id, OutboxMail.to_address).where(
        OutboxMail.person_id == address.person_id, OutboxMail.bounce == SOFT, OutboxMail.bounced_at > start
    )  # fmt: skip
    return sum(normal(row.to_address) == address.norm for row in rows(found))


_REFUSED = select(EmailAddress.address).where(
    EmailAddress.person_id == bindparam("me"), EmailAddress.state.in_(("suspended", "dead")), EmailAddress.bounced_at.is_not(None)
).order_by(EmailAddress.id)  # fmt: skip


def facts(person_id: int) -> dict[str, Any]:
    """What pages tell a member about their mailboxes: those that refused mail and were not confirmed since."""
    return {"refused_at": tuple(row.address for row in rows(_REFUSED, me=person_id))}
