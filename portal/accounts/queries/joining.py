"""Reading invitations and applicants: who may come in, and who asks to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased, contains_eager

from portal.accounts.models import Applicant, EmailAddress, Invitation
from portal.accounts.queries.keys import USED_UP
from portal.careers.queries import open_ties
from portal.core import clock, tokens
from portal.core.db import db, get_one
from portal.core.errors import Gone
from portal.core.pages import Page, keyset
from portal.organisations.queries import by_domain
from portal.people.models import Person

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

NEWER = "A newer letter has come to the same address since. Use the link in that one."
NO_SUCH_APPLICANT = "There is no such request."


def invitation(secret: str) -> Invitation:
    """An invitation that can still be claimed, with its person; looking at it uses nothing up (R21)."""
    found = select(Invitation).join(Invitation.person).options(contains_eager(Invitation.person))
    row = db.session.execute(found.where(Invitation.token_hash == tokens.digest(secret), *_open())).scalar_one_or_none()
    if row is None:
        raise Gone(NEWER if _is_replaced(secret) else USED_UP)
    return row


def _is_replaced(secret: str) -> bool:
    """Whether a newer letter went to the same person at the same address, and can be used.

    One question, whether the secret was ever one or not: the time of the answer tells nothing (I12).
    """
    old = aliased(Invitation)
    same = (old.person_id == Invitation.person_id, old.norm == Invitation.norm)
    newer = select(Invitation.id).join(Invitation.person).join(old, and_(*same))
    found = newer.where(old.token_hash == tokens.digest(secret), *_open()).limit(1)
    return db.session.execute(found).first() is not None


def _open() -> tuple[ColumnElement[bool], ...]:
    now = clock.now()
    return (
        Invitation.claimed_at.is_(None),
        Invitation.ended_at.is_(None),
        Invitation.expires_at > now,
        Person.claimed_at.is_(None),
    )


def open_invitation(person_id: int) -> Invitation | None:
    """The invitation that a person has not answered yet."""
    found = select(Invitation).join(Invitation.person).where(Invitation.person_id == person_id, *_open())
    return db.session.execute(found.order_by(Invitation.id.desc()).limit(1)).scalar_one_or_none()


def request_behind(secret: str) -> Applicant:
    """The request to join that a mailed link belongs to."""
    row = db.session.execute(
        select(Applicant).where(Applicant.token_hash == tokens.digest(secret))
    ).scalar_one_or_none()
    if row is None or (row.expires_at is not None and row.expires_at <= clock.now()):
        raise Gone("This link's time is over. Ask to join again, it takes a minute.")
    return row


def last_request(norm: str) -> Applicant | None:
    """The newest request from an address."""
    found = select(Applicant).where(Applicant.norm == norm).order_by(Applicant.id.desc()).limit(1)
    return db.session.execute(found).scalar_one_or_none()


def applicant(public_id: str) -> Applicant:
    """A request, for the back office."""
    return get_one(
        select(Applicant).where(Applicant.public_id == public_id, Applicant.state != "unverified"), NO_SUCH_APPLICANT
    )


def applicants(
    state: str = "waiting", *, after: str | None = None, before: str | None = None, size: int = 50
) -> Page[Applicant]:
    """Requests in a state, those who wait longest first; decided ones newest first."""
    found = select(Applicant).where(Applicant.state == state)
    order = (Applicant.created_at, Applicant.id)
    return keyset(found, order, size=size, after=after, before=before, ascending=state == "waiting").map(
        lambda row: row[0]
    )


def count_waiting() -> int:
    """How many requests wait for an answer."""
    return db.session.execute(
        select(func.count()).select_from(Applicant).where(Applicant.state == "waiting")
    ).scalar_one()


def unclaimed_record(norm: str, domain: str) -> Person | None:
    """The one record that nobody has claimed and that names exactly this address; never found by name (R17).

    A work address counts only while the record's tie to that firm is open: later its holder may be somebody new (R20).
    """
    named = select(EmailAddress.person_id).where(EmailAddress.norm == norm, EmailAddress.state != "removed")
    invited = select(Invitation.person_id).where(Invitation.norm == norm)
    found = select(Person).where(
        Person.id.in_(named.union(invited)), Person.claimed_at.is_(None), Person.is_system.is_(False)
    )
    people = list(db.session.execute(found.limit(2)).scalars())
    if len(people) != 1:
        return None
    return people[0] if still_theirs(people[0].id, domain) else None


def still_theirs(person_id: int, domain: str) -> bool:
    """Whether an address there is this person's as far as we know: a firm's only while a tie to it is open (R20)."""
    firm = by_domain(domain)
    return firm is None or bool(open_ties(person_id, firm.id, clock.today()))
