"""The back office's words: states, relations, roles, deeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from portal.careers import audiences
from portal.core import clock
from portal.core.text import plain

if TYPE_CHECKING:
    from portal.admin.queries.people import Record

KINDS, ROLES, relation = audiences.KINDS, audiences.ROLES, audiences.relation_words
ROLE_NOTES = {
    "moderator": "Keeps all boards: reads them, hides and restores posts.",
    "staff": "Posts news, events and jobs for the host, answers officially.",
    "seller": "Requests references, sees referrals that were consented to.",
    "manager": "Runs the advocate programme.",
    "executive": "Reads the programme’s results.",
    "admin": "Runs this back office. Opens no board and no message.",
}

CASES = {
    "proved": "Waits for an admin.", "proposed": "Waits for a second admin.", "waiting": "Confirmed by two; everybody concerned is told.",
    "ready": "The link back in is mailed.", "done": "Is back in.", "vetoed": "Was stopped.", "refused": "Was refused.",
    "over": "Is over.", "asked": "Has not proved the address yet.",
}  # fmt: skip


class Mark(NamedTuple):
    """A badge: words and kind."""

    words: str
    kind: str


def relation_choices() -> list[tuple[str, str]]:
    """Every kind of relation for a select: "kind:phase" and words."""
    return list(audiences.segments().items())


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
