"""Who gets in with what, and who may write accounts: pure answers to facts that are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from portal.accounts.models import HOLDING, EmailAddress
from portal.core.jinja import absolute

if TYPE_CHECKING:
    from datetime import datetime

    from portal.core.access import Viewer

RECOVERS_FOR = timedelta(days=365)  # since a work address was last proved (I6)
INVITING_ROLES = ("admin", "staff", "manager")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What somebody has shown so far: a mailed link or the password, on which browser."""

    through: str  # link | password | provider | paper; a passkey needs nothing beside it
    work: bool = False  # the link went to a work address, or the provider is an employer's
    known_browser: bool = False  # the person has signed in on it before
    same_browser: bool = False  # the link was asked for there


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a person could show."""

    password: bool = False
    totp: bool = False
    live_personal: bool = False
    live: bool = False
    passkey: bool = False
    provider: bool = False  # a sign-in that is no employer's
    paper: bool = False  # unused codes on paper
    case: bool = False  # somebody says that all of these are lost, and a case runs (I9)
    question: bool = False  # somebody else has shown that they read one of their addresses (I7)

    @property
    def own(self) -> bool:
        """Whether there is anything beside work addresses and an employer's sign-in."""
        return self.password or self.totp or self.live_personal or self.passkey or self.provider or self.paper

    @property
    def two_factors(self) -> bool:
        """Whether the person can show two: a passkey counts as both, an authenticator beside anything."""
        return self.totp or self.passkey


def next_step(shown: Shown, keys: Keys) -> str:
    """What is asked next: "in", "totp", "password", "mail" (to an own address), "key" (another) or "browser" (the one used).

    A second step that was set up is never left out. A link to a work address is not enough alone on an unknown
    browser when there is anything better (I2); a password on an unknown browser is confirmed by mail, unless no address
    is left (I5).
    """
    if keys.totp:
        return "totp"
    if shown.known_browser:
        return "in"
    if shown.through == "password":
        return "mail" if keys.live else "in"
    if shown.through == "link" and not shown.same_browser:
        return "browser"
    if not (shown.work and keys.own):
        return "in"
    if keys.password:
        return "password"
    return "mail" if keys.live_personal else "key"


def needs_second_step(viewer: Viewer, factors: int) -> bool:
    """Who holds a role here shows two things before anything else (security.md §1)."""
    return bool(viewer.roles) and factors < 2


def proves_again(*, work: bool, keys: Keys) -> bool:
    """Whether a mailed link confirms who one is: not through a work address if there is anything better (I2)."""
    return not work or not keys.own


def signs_in_by_mail(address: EmailAddress, *, work: bool) -> bool:
    """Live addresses, and personal ones that were not proved for a year: each use proves them anew (R5)."""
    return address.state == "live" or (address.state == "stale" and not work)


def recovers(address: EmailAddress, *, work: bool, current_employer: bool, now: datetime) -> bool:
    """Only live personal addresses, or a current employer's that was proved within a year (I6)."""
    if address.state != "live":
        return False
    if not work:
        return True
    return current_employer and address.proved_at is not None and now - address.proved_at < RECOVERS_FOR


def told_openly(address: EmailAddress, *, work: bool) -> bool:
    """Whether a notice to it may hold an action link and name another address (R11)."""
    return address.state == "live" and not work


def is_visitor(by: Viewer) -> bool:
    """Whoever is at the door; the system does not sign in."""
    return not by.system


def is_owner(by: Viewer, person_id: int) -> bool:
    """Credentials, addresses and sessions are their person's own; nobody else's hand reaches them (R15)."""
    return by.is_member and by.is_person(person_id)


def can_end_sessions(by: Viewer, person_id: int) -> bool:
    """The person; an admin, who can't open any; and the system when an address or a password goes."""
    return by.system or by.has_role("admin") or is_owner(by, person_id)


def is_system(by: Viewer) -> bool:
    """Done by the clock or by what happened, not by anybody's click."""
    return by.system


def can_invite(by: Viewer) -> bool:
    """Admins, and staff who part with a colleague or customer."""
    return by.system or by.has_role(*INVITING_ROLES)


def can_decide_applicants(by: Viewer) -> bool:
    """Admins look at who asks to join."""
    return by.has_role("admin")


def can_help_back(by: Viewer, person_id: int | None) -> bool:
    """Admins help people back in, two of them, and never themselves (I9)."""
    return by.has_role("admin") and not by.system and not by.is_person(person_id)


def is_calm(viewer: Viewer, now: datetime) -> bool:
    """An account that was taken back a week ago or less sends no messages and exports nothing (R14)."""
    until = viewer.extra.get("calm_until")
    return until is not None and until > now


def calm_ends(viewer: Viewer, zone: str) -> str:
    """When that week is over, to the minute and in the time of whoever reads it."""
    return absolute(viewer.extra["calm_until"], ZoneInfo(zone))


def can_go(address: EmailAddress, *, others_live: int, keys: Keys) -> bool:
    """The last way in can't be taken away."""
    return address.state not in HOLDING or others_live > 0 or keys.password or keys.passkey or keys.provider


def raises_to_two(opened_through: str, keys: Keys, *, paper: bool) -> bool:
    """Whether a code is a second factor in a session: paper stands in for what was lost, never beside paper (R10)."""
    return not paper or (keys.two_factors and opened_through != "paper")
