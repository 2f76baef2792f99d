"""The back office's words: states, relations, roles, deeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from portal.core import clock
from portal.core.text import plain

if TYPE_CHECKING:
    from portal.admin.queries.people import Record

KINDS = {"employee": "Employee", "customer": "Customer", "partner": "Partner"}
PHASES = {"former": "Former", "current": "Current"}
ROLES = {
    "moderator": "Moderator", "staff": "Staff poster", "seller": "Seller", "manager": "Programme manager",
    "executive": "Executive", "admin": "Admin",
}  # fmt: skip
ROLE_NOTES = {
    "moderator": "Keeps all boards: reads them, hides and restores posts.",
    "staff": "Posts news, events and jobs for the host, answers officially.",
    "seller": "Requests references, sees referrals that were consented to.",
    "manager": "Runs the advocate programme.",
    "executive": "Reads the programme’s results.",
    "admin": "Runs this back office. Opens no board and no message.",
}


class Mark(NamedTuple):
    """A badge: words and kind."""

    words: str
    kind: str


def relation(kind: str, phase: str, department: str = "") -> str:
    """ "Former employee, Firmware"."""
    words = f"{PHASES[phase]} {KINDS[kind].lower()}"
    return f"{words}, {department}" if department else words


def segments() -> list[tuple[str, str, str]]:
    """Kind, phase and words of every kind of relation."""
    return [(kind, phase, relation(kind, phase)) for kind in KINDS for phase in PHASES]


def relation_choices() -> list[tuple[str, str]]:
    """Every kind of relation for a select: "kind:phase" and words."""
    return [(f"{kind}:{phase}", words) for kind, phase, words in segments()]


def roles(names: list[str]) -> str:
    """Roles in a line."""
    return ", ".join(ROLES[name] for name in names)


def state(record: Record) -> Mark:
    """How a person stands to the portal, in a word or two."""
    now = clock.now()
    if record.remembered_at:
        return Mark("Remembered", "neutral")
    if record.claimed_at is None:
        return _unclaimed(record)
    if record.suspended_until and record.suspended_until > now:
        return Mark(f"Suspended until {record.suspended_until:%-d %b %Y}", "bad")
    return Mark("Stepped back", "neutral") if record.stepped_back_at else Mark("Member", "good")


def _unclaimed(record: Record) -> Mark:
    if record.invited_until is None:
        return Mark("Not invited", "neutral")
    if record.invited_until < clock.now():
        return Mark("Invitation ran out", "warn")
    return Mark(f"Invited until {record.invited_until:%-d %b}", "brand")


def slug(words: str) -> str:
    """Words as a part of an address."""
    return "-".join(plain(words).replace("&", " ").split())
