"""The fixed sign-ins, one for each role: printed by the command and shown on a page, in development only."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

import pyotp
from sqlalchemy import select

from portal.accounts import totp
from portal.accounts.models import Credential, EmailAddress
from portal.core import clock
from portal.core.db import db
from portal.people.models import Person

PASSWORD = "tidemark leeks crane grease"
DOMAIN = "demo.example.org"
# One secret for all of them, so that an authenticator app has to learn it once.
SECRET = base64.b32encode(hashlib.sha1(b"Kestrel & Lowe", usedforsecurity=False).digest()).decode()
ROLES = {
    "maggie": "Member: former employee",
    "piotr": "Member: current employee",
    "eamon": "Member: former customer",
    "bram": "Member: partner",
    "anthea": "Moderator of all boards",
    "joan": "Moderator of one board (Halifax)",
    "ruth": "Staff: posts for the host",
    "tom": "Seller",
    "ines": "Programme manager",
    "helen": "Executive",
    "ada": "Admin",
    "samir": "Admin, the second one",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """A way in."""

    role: str
    name: str
    address: str
    password: str = PASSWORD


def address_of(name: str) -> str:
    """The address of a fixed sign-in."""
    return f"{name}@{DOMAIN}"


def all_sign_ins() -> list[SignIn]:
    """Those that are in this database, in the order of the roles."""
    found = select(EmailAddress.live_norm, Person.full_name).join(Person, Person.id == EmailAddress.person_id)
    names = {row[0]: row[1] for row in db.session.execute(found.where(EmailAddress.domain == DOMAIN))}
    return [
        SignIn(role, names[address_of(key)], address_of(key)) for key, role in ROLES.items() if address_of(key) in names
    ]


def code_for(address: str) -> str | None:
    """The code that an authenticator shows now, or the next one when this was used; none without an authenticator."""
    found = select(Credential).join(EmailAddress, EmailAddress.person_id == Credential.person_id)
    here = found.where(EmailAddress.live_norm == address.strip().lower(), Credential.kind == "totp")
    credential = db.session.execute(here).scalar_one_or_none()
    secret = totp.unseal(credential.secret) if credential else None
    if credential is None or secret is None:
        return None
    step = max(int(clock.now().timestamp()) // totp.STEP, credential.last_step + 1)
    return pyotp.TOTP(secret).at(step * totp.STEP)


HOW = """
The demo community (nobody in it is real): a sign-in for each role

{table}

  password   {password}
  code       the one that {base}/dev/sign-ins shows at that moment

Everybody else has the same password and confirms by mail, which lies at {base}/dev/mail/"""


def help_lines(base_url: str) -> list[str]:
    """What to print once the community is there; nothing when it is not."""
    rows = all_sign_ins()
    wide = max((len(row.role) for row in rows), default=0)
    table = "\n".join(f"  {row.role:{wide}}  {row.address}" for row in rows)
    return HOW.format(table=table, password=PASSWORD, base=base_url.rstrip("/")).splitlines() if rows else []
