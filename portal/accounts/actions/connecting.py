"""Sign-ins of other providers: connected by their owner alone, keyed by issuer and subject (R12, R13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal.accounts import emails, policies, queries, tickets
from portal.accounts.actions.sign_in import Step, carry_on
from portal.accounts.models import ProviderSignIn
from portal.accounts.policies import Shown
from portal.core import audit, clock
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.accounts.devices import Device
    from portal.accounts.providers import Provider
    from portal.core.access import Viewer

NOT_YOURS = "You can only change how you get in yourself."
ANOTHER = "Another sign-in of {} is connected to your account. Remove that one before you connect this one."
IN_USE = "This sign-in can’t be connected to your account. If it is yours, write to those who run the portal."
LAST_WAY_IN = "This is your last way in. Add an address of your own before you take it away."


def connect_provider(person_id: int, chosen: Provider, subject: str, label: str, *, by: Viewer) -> None:
    """The owner, signed in and confirmed, connects who they are at a provider; one of each (R13)."""
    require(policies.is_owner(by, person_id), NOT_YOURS)
    if any(each.key == chosen.key for each, _ in queries.connected(person_id)):
        raise Conflict(ANOTHER.format(chosen.name))
    try:
        with db.session.begin_nested():
            add(ProviderSignIn(person_id=person_id, issuer=chosen.issuer, subject=subject, label=label))
    except IntegrityError:
        raise Conflict(IN_USE) from None
    _changed(person_id, chosen, "connected", by)


def disconnect_provider(person_id: int, chosen: Provider, *, by: Viewer) -> None:
    """It opens nothing any more; the last way in can't be taken away, unless the employer's ends with the work (R12)."""
    require(by.system or policies.is_owner(by, person_id), NOT_YOURS)
    left = [way for way in queries.ways_of(person_id) if way.kind != "paper"]
    if not by.system and len(left) < 2:
        raise Invalid(LAST_WAY_IN)
    mine = delete(ProviderSignIn).where(ProviderSignIn.person_id == person_id, ProviderSignIn.issuer == chosen.issuer)
    if db.session.execute(mine.returning(ProviderSignIn.id)).first() is not None:
        _changed(person_id, chosen, "removed", by)


def sign_in_by_provider(held: ProviderSignIn, chosen: Provider, target: str, device: Device, *, by: Viewer) -> Step:
    """Sign in by a provider; an employer's is worth as much as a link to a work address (I2)."""
    require(policies.is_visitor(by), "Only a person signs in.")
    held.used_at = clock.now()
    shown = Shown(
        through="provider",
        work=not chosen.is_own,
        known_browser=queries.knows_browser(held.person_id, device.browser_hash),
    )
    return carry_on(shown, held.person_id, target, device, by=by)


def _changed(person_id: int, chosen: Provider, how: str, by: Viewer) -> None:
    tickets.kill(person_id, "factor change")
    emails.way_in_changed(person_id, f"provider {how}", chosen.name)
    audit.record(f"provider {how}", ("person", person_id), by=by, note=chosen.key)
