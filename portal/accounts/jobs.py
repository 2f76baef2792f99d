"""What accounts do by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.accounts import actions, queries, tickets
from portal.accounts.name_servers import takes_mail
from portal.accounts.queries.waves import letters_now
from portal.core.access import system_viewer
from portal.core.jobs import periodic

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAINS_AT_ONCE = 100
LETTERS_AT_ONCE = 20  # in one transaction


@periodic("accounts.apply_resets", every=timedelta(minutes=5))
def apply_resets() -> None:
    """Passwords that waited long enough come into force (I6)."""
    actions.apply_waiting_resets(by=system_viewer())


@periodic("accounts.ripen_recoveries", every=timedelta(minutes=10))
def ripen_recoveries() -> None:
    """Whoever waited long enough for their account gets the link to it (I9)."""
    actions.ripen_recoveries(by=system_viewer())


@periodic("accounts.send_letters", every=timedelta(minutes=1))
def send_letters() -> Iterator[None]:
    """Invitations of waves that run, and their reminders: this minute's share, some at a time."""
    left = letters_now()
    while left > 0 and (number := actions.send_letters(min(left, LETTERS_AT_ONCE), by=system_viewer())):
        left -= number
        yield


@periodic("accounts.daily", every=timedelta(hours=24))
def daily() -> None:
    """Leavers are asked for an own address, unproved addresses grow stale, old traces are forgotten."""
    system = system_viewer()
    actions.sort_addresses(by=system)
    actions.remind_leavers(by=system)
    actions.age_addresses(by=system)
    actions.forget_old_requests(by=system)
    actions.forget_old_traces(by=system)
    tickets.clean()


@periodic("accounts.check_domains", every=timedelta(hours=24))
def check_domains() -> Iterator[None]:
    """Ask the name servers about each domain of an address; nothing is written, and no transaction open, while they answer."""
    last = ""
    while domains := queries.domains_in_use(last, DOMAINS_AT_ONCE):
        yield
        for domain in domains:
            said = takes_mail(domain)
            actions.note_domain(domain, said, by=system_viewer())
            yield
        last = domains[-1]
