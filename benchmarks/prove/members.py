"""Members with made-up passwords: how they take their account, prove addresses and answer what files say of them."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from benchmarks.door import Door
from portal.accounts import actions as accounts
from portal.accounts import mailboxes
from portal.accounts.actions.invitations import new_invitation
from portal.accounts.models import EmailAddress, LoginToken, Session
from portal.accounts.passwords import make_hash
from portal.accounts.queries.addresses import has_left
from portal.careers.actions import record_relation
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db, unit_of_work
from portal.core.errors import DomainError
from portal.imports import actions as answers
from portal.imports.models import ImportProposal
from portal.organisations.queries import host
from portal.people.actions import claim_person, create_person, grant_role
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from portal.core.application import Portal

PROVIDERS = {"gmail.com", "yahoo.com", "hotmail.com", "163.com", "126.com", "qq.com"}
Line = dict[str, str]


@dataclass
class Member:
    """One account, as its person knows it."""

    row_id: str  # by what the directory knows the person
    person_id: int
    public_id: str
    password: str
    door: Door
    address: str
    history: set[str] = field(default_factory=set)  # every address it ever had
    proved: set[str] = field(default_factory=set)


def claim(app: Portal, person_id: int, row: Line, address: str) -> Member:
    """Take the account by a letter, through the door, set a made-up password, and prove the other addresses."""
    with unit_of_work():
        _, secret = new_invitation(person_by_id(person_id), address, by=system_viewer())
        name = person_by_id(person_id)
        who = {"full_name": name.full_name, "call_name": name.call_name, "kind": "personal", "agree": "y"}
        public_id = name.public_id
    door, password = Door(app), f"{secrets.token_urlsafe(12)} {secrets.token_urlsafe(6)}"
    door.send(f"/claim/{secret}")
    status = door.send("/welcome/who-you-are", **who)
    assert status < 400, f"the account of {row} was not given: {status}"
    with unit_of_work():
        held = db.session.execute(select(Session.id).where(Session.person_id == person_id)).scalar_one()
        accounts.set_password(person_id, make_hash(password), but=held, by=viewer_of(person_id))
    return Member(row["External ID"], person_id, public_id, password, door, mailboxes.looked_up(address))


def way_in(person_id: int, row: Line) -> str:
    """The address that a letter would reach: one of their own, else one of a firm that they have not left."""
    usable = [each for each in listed(row) if not has_left(person_id, each.rpartition("@")[2].lower())]
    return min(usable, key=lambda each: each.rpartition("@")[2] not in PROVIDERS, default="")


def prove(member: Member, row: Line) -> int:
    """Add the addresses of a row to one's account and open the link in each; how many could not be proved."""
    refused = 0
    for text in listed(row):
        box = mailboxes.parse(text)
        if box.norm in member.proved:
            continue
        try:
            with unit_of_work():
                by = viewer_of(member.person_id)
                added = accounts.add_address(member.person_id, box, "personal", by=by)
                mine = (LoginToken.address_id == added.id, LoginToken.purpose == "verify", LoginToken.used_at.is_(None))
                ticket = db.session.execute(select(LoginToken).where(*mine)).scalar_one()
                accounts.verify_address(ticket, by=by)
            member.proved.add(box.norm)
        except DomainError:  # the employer of this address is one that the person has left
            refused += 1
    member.history = addresses(member)
    return refused


def answer(members: list[Member], admin_id: int) -> tuple[int, int]:
    """An admin says whose the rows are, each person confirms what is said of their career: how many of both."""
    links = _open("link")
    for link in links:
        with unit_of_work():
            answers.accept_link(db.session.merge(link), by=viewer_of(admin_id))
    said = _open("position")
    for each in said:
        with unit_of_work():
            answers.accept_position(db.session.merge(each), by=viewer_of(each.person_id))
    assert {each.person_id for each in said} <= {member.person_id for member in members}
    return len(links), len(said)


def _open(kind: str) -> list[ImportProposal]:
    waiting = select(ImportProposal).where(ImportProposal.kind == kind, ImportProposal.state == "open")
    return list(db.session.execute(waiting.order_by(ImportProposal.id)).scalars())


def make_admin() -> int:
    """Somebody who may say whose a row is."""
    with unit_of_work():
        by = system_viewer()
        admin = create_person("Prove Admin", by=by)
        record_relation(admin, "employee", host(), verified_by="admin", by=by)
        claim_person(admin, by=by)
        grant_role(admin, "admin", by=by)
        return admin.id


def addresses(member: Member) -> set[str]:
    """All that the account has or had."""
    return set(
        db.session.execute(select(EmailAddress.norm).where(EmailAddress.person_id == member.person_id)).scalars()
    )


def signs_in(member: Member) -> bool:
    """By the address it came with, in the browser it came with, after signing out everywhere."""
    member.door.send("/sign-out", at="/")
    member.door.send("/sign-in", address=member.address, password=member.password)
    mine = select(Session.id).where(Session.person_id == member.person_id, Session.opened_through == "password")
    return db.session.execute(mine.limit(1)).first() is not None


def listed(row: Line) -> list[str]:
    """The addresses in a row of the directory; what is none is left out, as the import does."""
    found = []
    for text in row["E-mails"].split(";"):
        with suppress(ValueError):
            found.append(mailboxes.parse(text).address)
    return found
