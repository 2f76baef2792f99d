"""Mails about one's own data: to every address, with a link only where that is safe (R11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.emails import post, tell
from portal.core import mail, outbox
from portal.notifications import tokens
from portal.rights.queries import STILL_RIGHT

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import EmailAddress
    from portal.people.models import Person
    from portal.rights.models import AccountMerge, DataExport, Erasure


def export_ready(row: DataExport) -> None:
    """The copy is there for a week."""
    tell("rights/export_ready", row.person_id, public_id=row.public_id, until=row.expires_at)


def erasure_asked(row: Erasure) -> None:
    """It begins to run; whoever did not want it signs in."""
    tell("rights/erasure_asked", row.person_id, due_at=row.due_at, posts=row.posts)


def erasure_soon(row: Erasure) -> None:
    """Some days are left."""
    tell("rights/erasure_soon", row.person_id, due_at=row.due_at)


def erasure_called_off(person_id: int, *, stopped: bool) -> None:
    """The account is as it was; what was asked of an advocate was stopped, and stays so."""
    tell("rights/erasure_called_off", person_id, stopped=stopped)


def proof(address: EmailAddress, secret: str, ends: datetime) -> None:
    """The link that proves the other account; it names nobody."""
    asked = "somebody, probably you, wants to join their accounts and gave this address."
    post("rights/proof", address, reason=asked, ends=ends, secret=secret)


def joined(merge: AccountMerge) -> None:
    """Two became one: told at the addresses of both."""
    tell("rights/joined", merge.kept_id, until=merge.undo_until)


def parted(merge: AccountMerge) -> None:
    """One became two again: each is told."""
    for person_id in (merge.kept_id, merge.gone_id):
        tell("rights/parted", person_id)


def still_right(person: Person, address: str, secret: str, ends: datetime, now_at: list[str]) -> None:
    """Once a year: two links, for this question alone."""
    off_url = mail.link("notifications.off", token=tokens.write(person.id, STILL_RIGHT))
    written = mail.render_mail(
        "rights/still_right", call_name=person.call_name, now_at=now_at, ends=ends, unsubscribe_url=off_url,
        right_url=mail.link("rights.still_right", token=secret), moved_url=mail.link("rights.moved_since", token=secret),
        reason="you are a member, and we ask once a year.", preferences_url=mail.link("notifications.preferences"),
    )  # fmt: skip
    outbox.post_mail(
        f"rights.{STILL_RIGHT}", address, written.subject, written.text, written.html, person_id=person.id,
        purpose=STILL_RIGHT, expires_at=ends, headers=mail.bulk_headers(list_name=STILL_RIGHT, off_url=off_url),
    )  # fmt: skip


def moved_by_link(person_id: int, move_id: str, until: datetime) -> None:
    """A move was told by the link of a mail: whoever did not do it takes it back."""
    tell("rights/moved_by_link", person_id, move_id=move_id, until=until)
