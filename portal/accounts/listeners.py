"""What accounts do when a tie ends, before somebody moves, and when mail comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import has_request_context

from portal.accounts import actions, login, mailboxes, queries
from portal.accounts.emails import INVITATION, recipient_valid_since
from portal.accounts.queries.waves import is_stopped
from portal.accounts.signals import claimed
from portal.careers.signals import last_tie_ended, move_blockers, move_consequences
from portal.core.access import system_viewer
from portal.core.outbox import HARD, still_wanted, when_bounced, when_sent, with_headers
from portal.core.web import say
from portal.organisations.signals import domain_changed

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.outbox import OutboxMail

# What protects the owner goes to addresses that were taken away, too.
PROTECTS = (
    "accounts.removal_undo",
    "accounts.recovery_running",
    "accounts.recovery_done",
    "accounts.recovery_needless",
)


@last_tie_ended.connect
def retire(_sender: Any, *, person_id: int, organisation_id: int, by: Viewer) -> None:
    """The addresses of an employer end with the work, and so does its sign-in (I5, R12)."""
    actions.retire_addresses(person_id, organisation_id, by=system_viewer())
    for each in queries.providers_at(person_id, organisation_id):
        actions.disconnect_provider(person_id, each, by=system_viewer())
    here = login.this_session() if has_request_context() and by.is_person(person_id) else None
    if here is not None and not queries.runs(here.session_id):
        say(
            f"This device was signed in through an address that has ended, so it is signed out. {_other_ways(person_id)}"
        )


@domain_changed.connect
def sort(_sender: Any, *, domain: str) -> None:
    """What the addresses at a domain are follows the firm's record at once (I4)."""
    actions.sort_addresses_at(domain, by=system_viewer())


def what_ends(person_id: int, organisation_id: int) -> list[str]:
    """What leaving does to the way in, in sentences."""
    ending = [row.address for row in queries.addresses_at(person_id, organisation_id) if row.verified_at]
    if not ending:
        return []
    said = [f"{', '.join(ending)} stops signing you in, and nothing more is mailed there. Your account stays yours."]
    if queries.opened_through([row.id for row in queries.addresses_at(person_id, organisation_id)]):
        left = _other_ways(person_id, without=organisation_id)
        said.append(f"Devices that you signed in through it are signed out, perhaps this one too. {left}")
    return said


def _other_ways(person_id: int, without: int | None = None) -> str:
    """How the person gets in again."""
    ending = {row.id for row in queries.addresses_at(person_id, without)} if without is not None else set()
    left = [row.address for row in queries.live_addresses(person_id) if row.id not in ending]
    if left:
        return f"Sign in again by {left[0]}."
    return "Sign in again with your password; then add an address of your own, so that there is a second way in."


def what_comes_first(person_id: int, organisation_id: int) -> list[str]:
    """Another verified address or a password, before the last way in goes (I5)."""
    ending = {row.id for row in queries.addresses_at(person_id, organisation_id)}
    left = [row for row in queries.live_addresses(person_id) if row.id not in ending]
    keys = queries.keys_of(person_id)
    if not ending or left or keys.password or keys.passkey or keys.provider:
        return []
    return ["Your only way in is a work address that ends with this. First add an address of your own, and confirm it."]


move_consequences.append(what_ends)
move_blockers.append(what_comes_first)


@with_headers
def for_whom_it_is(mail: OutboxMail) -> dict[str, str]:
    """All mail to a person says when they last proved the address: whoever has it since then is not sent it (R6, I7)."""
    proved = queries.proved_at(mail.person_id, mailboxes.normal(mail.to_address)) if mail.person_id else None
    return recipient_valid_since(mail.to_address, proved)


@when_bounced
def bounced(mail: OutboxMail) -> None:
    """A mail came back: its address may do less from now on (R7)."""
    actions.note_bounce(
        mailboxes.normal(mail.to_address), hard=mail.bounce == HARD, person_id=mail.person_id,
        sent_at=mail.sent_at, by=system_viewer(),
    )  # fmt: skip
    if mail.kind == INVITATION and mail.person_id is not None:
        actions.note_letter(mail.person_id, mail.to_address, left=False, by=system_viewer())
    if mail.bounce == HARD and mail.kind == INVITATION and mail.person_id is not None:
        actions.settle_invitees(mail.person_id, "returned", address=mail.to_address, by=system_viewer())


@when_sent(INVITATION)
def left(mail: OutboxMail) -> None:
    """The mail server has the letter: its wave counts it as delivered until it comes back."""
    if mail.person_id is not None:
        actions.note_letter(mail.person_id, mail.to_address, left=True, by=system_viewer())


@claimed.connect
def came(_sender: Any, *, person_id: int, by: Viewer) -> None:
    """Whoever has taken the account is reminded no more."""
    actions.settle_invitees(person_id, "claimed", by=system_viewer())


@still_wanted(INVITATION)
def still_invited(mail: OutboxMail) -> bool:
    """A letter goes out only while its invitation is open and its wave was not stopped."""
    row = queries.open_invitation(mail.person_id or 0)
    return row is not None and row.address == mail.to_address and not is_stopped(row.person_id, row.created_at)


@still_wanted()
def reaches_them(mail: OutboxMail) -> bool:
    """Nothing goes to an address that is the person's no more, to whoever is remembered, or stepped back (R4, I15)."""
    if mail.person_id is None:
        return True
    return queries.may_be_written(
        mail.person_id, mailboxes.normal(mail.to_address), security=mail.security, removed_too=mail.kind in PROTECTS
    )
