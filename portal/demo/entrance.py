"""Addresses, passwords, invitations and people who wait to be let in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal.accounts import totp
from portal.accounts.models import Applicant, Credential, EmailAddress, Invitation
from portal.accounts.passwords import make_hash
from portal.core import tokens
from portal.core.db import db
from portal.core.text import words
from portal.demo import sheets
from portal.demo.casting import phase_on
from portal.demo.sign_ins import PASSWORD, SECRET, address_of
from portal.demo.stage import Stage, public_id

if TYPE_CHECKING:
    from random import Random

    from portal.demo.sheets import Sheet, Stay
    from portal.people.models import Person

HOMES = ("example.org", "example.net", "example.com")


def add_addresses(stage: Stage) -> None:
    """A personal address each; work addresses, live or retired with the job; imported ones prove nothing."""
    rng, taken = stage.dice("addresses"), set[str]()
    domains = {firm.name: firm.domain for firm in sheets.firms()} | {sheets.HOST: "kestrel-lowe.example"}
    for sheet in stage.sheets:
        person, local = stage.people[sheet.name], _local(sheet)
        home = address_of(sheet.sign_in) if sheet.sign_in else _free(local, rng, taken)
        _address(stage, person, home, "personal", "live" if sheet.is_claimed else "unverified", rng)
        last = max(sheet.relations, key=lambda stay: stay.end.last if stay.end else stage.now.date())
        domain = domains.get(last.firm)
        if sheet.is_claimed and domain and rng.random() < 0.6:
            _address(stage, person, f"{local}@{domain}", "work", _state(last, stage), rng, retired=last)
    db.session.flush()


def _local(sheet: Sheet) -> str:
    """A Latin name for the address: scripts that have none use the call name."""
    parts = [word for word in words(sheet.name) if word.isascii()]
    called = [word for word in words(sheet.called) if word.isascii()]
    return ".".join([called[0], parts[-1]] if len(parts) > 1 else called) or "member"


def _free(local: str, rng: Random, taken: set[str]) -> str:
    address = f"{local}@{rng.choice(HOMES)}"
    while address in taken:
        address = f"{local}{rng.randint(2, 99)}@{rng.choice(HOMES)}"
    taken.add(address)
    return address


def _state(stay: Stay, stage: Stage) -> str:
    return "live" if phase_on(stay, stage.now.date()) == "current" else "retired"


def _address(
    stage: Stage, person: Person, address: str, kind: str, state: str, rng: Random, retired: Stay | None = None
) -> None:
    live, since = state == "live", person.claimed_at
    row = EmailAddress(
        public_id=public_id(rng),
        person_id=person.id,
        address=address,
        norm=address,
        live_norm=address if live else None,
        domain=address.rpartition("@")[2],
        kind=kind,
        state=state,
        is_primary=live and kind == "personal",
        verified_at=since if live else None,
        proved_at=stage.now - timedelta(days=rng.randint(1, 200)) if live else None,
        created_at=since or stage.opened_at,
    )
    if state == "retired" and retired is not None and retired.end:
        row.retired_at = datetime.combine(retired.end.last, stage.now.timetz())
    db.session.add(row)


def add_credentials(stage: Stage) -> None:
    """One password for everybody, hashed once; the fixed sign-ins show a code as well."""
    hashed = make_hash(PASSWORD)
    for sheet in stage.sheets:
        person = stage.people[sheet.name]
        if person.claimed_at is None:
            continue
        dated = {"person_id": person.id, "created_at": person.claimed_at, "changed_at": person.claimed_at}
        db.session.add(Credential(kind="password", secret=hashed, **dated))
        if sheet.sign_in or {"moderator", "staff", "seller"} & set(sheet.marks):
            db.session.add(Credential(kind="totp", name="Authenticator", secret=totp.seal(SECRET), **dated))
    db.session.flush()


def add_invitations(stage: Stage) -> None:
    """Letters that were sent and not answered yet."""
    rng = stage.dice("invitations")
    sender = stage.by_sign_in("ada")
    for person in stage.marked("invited"):
        address = f"{_local_of(stage, person)}@example.net"
        sent = stage.days_ago(rng.randint(1, 11), rng)
        db.session.add(
            Invitation(
                public_id=public_id(rng),
                person_id=person.id,
                address=address,
                norm=address,
                token_hash=tokens.digest(tokens.new_secret()),
                invited_by_id=sender.id,
                created_at=sent,
                expires_at=sent + timedelta(days=14),
            )
        )
    db.session.flush()


def _local_of(stage: Stage, person: Person) -> str:
    return _local(next(sheet for sheet in stage.sheets if sheet.name == person.full_name))


def add_applicants(stage: Stage) -> None:
    """Requests to join, with proofs from good to none."""
    rng = stage.dice("applicants")
    for line in (sheets.DATA / "applicants.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, address, kind, firm, department, dates, proof, days = (part.strip() for part in line.split("|"))
        start, _, end = dates.partition("..")
        asked = stage.days_ago(int(days), rng)
        db.session.add(
            Applicant(
                public_id=public_id(rng),
                full_name=name,
                address=address,
                norm=address,
                kind=kind,
                organisation=firm,
                department=department,
                start=start,
                end=end,
                proof=proof,
                state="waiting",
                verified_at=asked + timedelta(minutes=4),
                created_at=asked,
            )
        )
    db.session.flush()
