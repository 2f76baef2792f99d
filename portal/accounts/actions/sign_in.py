"""Signing in: an address and a mailed link, or a password, and the second step where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.accounts import emails, mailing, policies, queries, tickets
from portal.accounts.actions.sessions import open_session
from portal.accounts.codes import spend_code, spend_paper_code_of
from portal.accounts.policies import Shown
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Gone, Invalid
from portal.core.jobs import enqueue
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.accounts.devices import Device
    from portal.accounts.models import LoginToken
    from portal.core.access import Viewer

AT_THE_DOOR = "Only a person signs in."


@dataclass(frozen=True, slots=True)
class Step:
    """Where signing in stands: "in" with the session's token, or what is asked next, with a secret to go on."""

    what: str  # in | totp | password | mail | key | browser
    secret: str = ""
    target: str = ""
    person_id: int | None = None


def ask_for_link(norm: str, target: str, device: Device, *, by: Viewer) -> None:
    """Mail a sign-in link, if the address names an account; whoever asks sees no difference (I12)."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    enqueue(mailing.mail_sign_in_link, norm, target, device.browser_hash, device.name)


def ask_for_link_here(ticket: LoginToken, device: Device, *, by: Viewer) -> None:
    """A fresh link to the same address, for this browser."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    address = queries.address_by_id(tickets.address_of(ticket))
    mailing.send_link(address, ticket.data.get("target", ""), device.browser_hash, device.name)


def follow_link(ticket: LoginToken, device: Device, *, by: Viewer) -> Step:
    """Sign in by a mailed link, or say what is asked beside it; a link opened elsewhere is not used up."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    address = queries.address_by_id(tickets.address_of(ticket))
    shown = Shown(
        through="link",
        work=queries.is_work(address) and not ticket.data.get("from_machine"),
        known_browser=queries.knows_browser(ticket.person_id, device.browser_hash),
        same_browser=not ticket.browser_hash or ticket.browser_hash == device.browser_hash,
    )
    what = policies.next_step(shown, queries.keys_of(ticket.person_id))
    if what == "browser":
        return Step(what, target=ticket.data.get("target", ""))
    tickets.take(ticket)
    return carry_on(shown, ticket.person_id, ticket.data.get("target", ""), device, address_id=ticket.address_id, by=by)


def give_password(
    person_id: int, address_id: int, target: str, device: Device, *, rehash: str | None = None, by: Viewer
) -> Step:
    """Sign in by a password that was found right; an unknown browser is confirmed by mail or by the second step."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    _used(person_id, rehash)
    shown = Shown(through="password", known_browser=queries.knows_browser(person_id, device.browser_hash))
    what = policies.next_step(shown, queries.keys_of(person_id))
    if what == "mail":
        _mail_device_link(person_id, address_id, target, device)
        return Step(what, target=target)
    return _carry(what, person_id, None, target, device, through="password", by=by)


def give_paper_code(norm: str, code: str, target: str, device: Device, *, by: Viewer) -> Step:
    """Sign in by a code on paper and an address that the account has or had; an authenticator is never left out (R10)."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    person_id = spend_paper_code_of(norm, code)
    shown = Shown(through="paper", known_browser=queries.knows_browser(person_id, device.browser_hash))
    return carry_on(shown, person_id, target, device, by=by)


def confirm_device(ticket: LoginToken, device: Device, *, by: Viewer) -> Step:
    """The mail was read on the browser where the password was given: signed in."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    if ticket.browser_hash != device.browser_hash:
        return Step("browser")
    tickets.take(ticket)
    return _carry("in", ticket.person_id, None, ticket.data.get("target", ""), device, through="password", by=by)


def add_password(ticket: LoginToken, device: Device, *, by: Viewer) -> Step:
    """The password that was asked beside a link to a work address was right (I2)."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    _take_here(ticket, device)
    _used(ticket.person_id, None)
    return _carry(
        "in", ticket.person_id, ticket.address_id, ticket.data.get("target", ""), device, through="link", by=by
    )


def give_code(ticket: LoginToken, code: str, device: Device, *, by: Viewer) -> Step:
    """The second step: a code of the authenticator or one on paper, each once."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    spend_code(ticket.person_id, code, paper=ticket.data.get("through") != "paper")
    _take_here(ticket, device)
    through, target = ticket.data.get("through", "link"), ticket.data.get("target", "")
    return _carry("in", ticket.person_id, ticket.address_id, target, device, through=through, factors=2, by=by)


def carry_on(
    shown: Shown, person_id: int, target: str, device: Device, *, address_id: int | None = None, by: Viewer
) -> Step:
    """Sign in by what was shown, or say what is asked beside it."""
    require(policies.is_visitor(by), AT_THE_DOOR)
    what = policies.next_step(shown, queries.keys_of(person_id))
    if what == "mail":
        _mail_own_address(person_id, target, device)
    if what in ("mail", "key"):
        return Step(what, target=target)
    return _carry(what, person_id, address_id, target, device, through=shown.through, by=by)


def _carry(
    what: str,
    person_id: int,
    address_id: int | None,
    target: str,
    device: Device,
    *,
    through: str,
    factors: int = 1,
    by: Viewer,
) -> Step:
    """Open the session, or lay what was shown so far into the browser until the next step is done."""
    if what == "in":
        secret = open_session(person_id, device, through=through, address_id=address_id, factors=factors, by=by)
        return Step(what, secret, target, person_id)
    data: dict[str, Any] = {"need": what, "through": through, "target": target}
    secret, _ = tickets.issue("second", person_id, address_id, browser_hash=device.browser_hash, data=data)
    return Step(what, secret, target, person_id)


def _take_here(ticket: LoginToken, device: Device) -> None:
    """What was begun on one browser goes on there only."""
    if ticket.browser_hash != device.browser_hash:
        raise Gone(queries.USED_UP)
    tickets.take(ticket)


def _mail_own_address(person_id: int, target: str, device: Device) -> None:
    """What an employer could use too was not enough: a link goes to an address that is the person's own."""
    own = next(row for row in queries.live_addresses(person_id) if row.is_personal)
    mailing.send_link(own, target, device.browser_hash, device.name)


def _mail_device_link(person_id: int, address_id: int, target: str, device: Device) -> None:
    reachable = queries.live_addresses(person_id)
    best = next((row for row in reachable if row.id == address_id and row.is_personal), reachable[0])
    secret, ends = tickets.issue(
        "device", person_id, best.id, browser_hash=device.browser_hash, data={"target": target}
    )
    emails.device_link(best, secret, ends, device.name)


def _used(person_id: int, rehash: str | None) -> None:
    password = queries.credential(person_id, "password")
    if password is None:
        raise Invalid("That address and password don't belong together.")
    password.used_at = clock.now()
    if rehash:
        password.secret = rehash
    db.session.flush()
