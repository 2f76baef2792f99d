"""Email addresses as people write them, and the one form in which two of them are compared (I3, R9)."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from portal.core import suppression

LONGEST = 254
WRONG = "Write one address, like ada@example.org."
TOO_FOREIGN = "Mail can't reach an address with such letters before the @. Please use another one."


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address: `address` is the one form that is mailed, `norm` the one that is compared."""

    address: str
    norm: str
    domain: str


def parse(text: str) -> Mailbox:
    """Read exactly one plain address; ValueError says what is wrong with it."""
    text = text.strip()
    if any(ord(char) < 33 or char in ',;:<>()[]\\"' for char in text):
        raise ValueError(WRONG)
    if not text.rpartition("@")[0].isascii():
        raise ValueError(TOO_FOREIGN)
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, allow_quoted_local=False)
    except EmailNotValidError:
        raise ValueError(WRONG) from None
    domain = found.ascii_domain.lower()
    address = f"{found.local_part}@{domain}"
    if len(address) > LONGEST:
        raise ValueError(WRONG)
    return Mailbox(address, normal(address), domain)


def normal(address: str) -> str:
    """The form that is compared, the same one that the list of suppressed addresses knows (I3)."""
    return suppression.normal(address)


def looked_up(text: str) -> str:
    """What to look for when somebody types an address to sign in; something that nobody has when it is none."""
    try:
        return parse(text).norm
    except ValueError:
        return ""
