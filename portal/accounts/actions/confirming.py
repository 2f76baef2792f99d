"""Confirming by mail that it is still the same person (R11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts import emails, policies, queries, tickets
from portal.accounts.actions.sessions import confirm_session
from portal.core.errors import Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.accounts.devices import Device
    from portal.accounts.models import EmailAddress, LoginToken
    from portal.core.access import Viewer

NO_ADDRESS = "There is no address that could confirm it. Use your password or your authenticator."


def confirming_address(person_id: int) -> EmailAddress | None:
    """Where the link goes: an address of one's own; a work address only when there is nothing better (I2)."""
    keys = queries.keys_of(person_id)
    reachable = queries.live_addresses(person_id)
    return next((row for row in reachable if policies.proves_again(work=queries.is_work(row), keys=keys)), None)


def mail_confirmation(session_id: int, target: str, device: Device, *, by: Viewer) -> None:
    """Mail the link that confirms this session."""
    require(by.is_member, "Please sign in first.")
    address = confirming_address(by.person_id or 0)
    if address is None:
        raise Invalid(NO_ADDRESS)
    data = {"session": session_id, "target": target}
    secret, ends = tickets.issue("confirm", address.person_id, address.id, browser_hash=device.browser_hash, data=data)
    emails.confirm_link(address, secret, ends, device.name)


def confirm_by_link(ticket: LoginToken, session_id: int, *, by: Viewer) -> str:
    """The mail was read: this session is confirmed; returns where the person wanted to go."""
    require(policies.is_owner(by, ticket.person_id), "This link is for another account.")
    if ticket.data.get("session") != session_id:
        raise Invalid("Open the link in the browser where you asked for it.")
    tickets.take(ticket)
    confirm_session(session_id, by=by)
    return str(ticket.data.get("target", ""))
