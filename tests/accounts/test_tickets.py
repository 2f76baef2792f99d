"""Mailed secrets: for one purpose and one person, once, and worthless after what makes them stale (R8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from portal.accounts import actions, queries, tickets
from portal.accounts.devices import Device
from portal.accounts.models import PURPOSES, Applicant, EmailAddress, Invitation, LoginToken
from portal.careers.actions import end_relation
from portal.careers.queries import relations_of
from portal.core import clock, tokens
from portal.core.access import VISITOR
from portal.core.db import add, db
from portal.core.errors import Gone
from portal.core.partial_dates import PartialDate
from tests.accounts.keys import raw

if TYPE_CHECKING:
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make

PLACES = {
    "sign_in": "/sign-in/link/{}",
    "device": "/sign-in/device/{}",
    "verify": "/settings/addresses/verify/{}",
    "confirm": "/confirm-it-is-you/link/{}",
    "reset": "/reset/{}",
    "stop_reset": "/stop-reset/{}",
    "undo_removal": "/undo-removal/{}",
    "veto": "/stop-recovery/{}",
    "invitation": "/claim/{}",
    "join": "/join/{}",
}


def secrets_of(make: Make, person: Person) -> dict[str, str]:
    """One secret of every sort."""
    address = db.session.query(EmailAddress).filter_by(person_id=person.id).one()
    made = {purpose: tickets.issue(purpose, person.id, address.id)[0] for purpose in PLACES if purpose in PURPOSES}
    for purpose, model, extra in (
        ("invitation", Invitation, {"person_id": make.person().id, "expires_at": clock.now() + timedelta(days=1)}),
        ("join", Applicant, {}),
    ):
        made[purpose] = tokens.new_secret()
        add(model(address="x@gmail.com", norm="x@gmail.com", token_hash=tokens.digest(made[purpose]), **extra))
    db.session.commit()
    return made


def test_each_secret_opens_its_own_door_only(browse: Browser, make: Make) -> None:
    """R8: of every purpose at every door, only the matching ones are let through."""
    made = secrets_of(make, make.member())
    table = {
        (purpose, door): raw(browse.as_(None), "GET", place.format(secret)).status_code
        for purpose, secret in made.items()
        for door, place in PLACES.items()
    }
    opened = {pair for pair, status in table.items() if status == 200}
    assert opened == {(purpose, purpose) for purpose in PLACES}
    assert {table[pair] for pair in table if pair not in opened} == {410}


def test_a_wrong_door_takes_nothing(browse: Browser, make: Make) -> None:
    """R8: sending the form with another purpose's secret is refused too, and uses nothing up."""
    made = secrets_of(make, make.member())
    for purpose, secret in made.items():
        for door, place in PLACES.items():
            if purpose != door:
                visitor = browse.as_(None)
                page = visitor.open("accounts.sign_in")
                hidden = page._values(page._form("Continue", set()))
                sent = visitor.post(
                    place.format(secret), hidden, environ_base={"REMOTE_ADDR": f"198.51.100.{len(door)}"}
                )
                assert sent.status in (401, 410, 429), (purpose, door)
    assert db.session.query(LoginToken).filter(LoginToken.used_at.is_not(None)).count() == 0


Event = Callable[["Make", "Person", EmailAddress], None]


def sign_in(make: Make, person: Person, address: EmailAddress) -> None:
    actions.open_session(person.id, Device("b" * 64), through="password", by=VISITOR)


def change_password(make: Make, person: Person, address: EmailAddress) -> None:
    actions.set_password(person.id, "hash", but=None, by=make.system)


def change_factor(make: Make, person: Person, address: EmailAddress) -> None:
    tickets.kill(person.id, "factor change")


def remove(make: Make, person: Person, address: EmailAddress) -> None:
    actions.let_go(address, "removed", by=make.system)


def retire(make: Make, person: Person, address: EmailAddress) -> None:
    actions.let_go(address, "retired", by=make.system)


def suspend(make: Make, person: Person, address: EmailAddress) -> None:
    actions.let_go(address, "suspended", by=make.system)


def merge(make: Make, person: Person, address: EmailAddress) -> None:
    tickets.kill(person.id, "merge")


def freeze(make: Make, person: Person, address: EmailAddress) -> None:
    tickets.kill(person.id, "freeze")


SAFETY = {"stop_reset", "undo_removal", "veto"}
ALL = set(PURPOSES)
TABLE: list[tuple[Event, set[str]]] = [
    (sign_in, {"sign_in", "device", "second", "reset"}),
    (change_password, ALL - SAFETY),
    (change_factor, ALL - SAFETY),
    (remove, ALL - {"undo_removal", "veto"}),
    (retire, ALL - {"undo_removal", "veto"}),
    (suspend, ALL - {"undo_removal", "veto"}),
    (merge, ALL),
    (freeze, ALL),
]


@pytest.mark.parametrize(("event", "killed"), TABLE, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_happens_kills_what_it_makes_stale(make: Make, event: Event, killed: set[str], purpose: str) -> None:
    """R8: sign-in, password or factor change, address removed, retired or un-verified, merge, freeze."""
    person = make.member()
    bystander = make.member()
    address = queries.live_addresses(person.id)[0]
    secret, _ = tickets.issue(purpose, person.id, address.id)
    other, _ = tickets.issue(purpose, bystander.id, queries.live_addresses(bystander.id)[0].id)
    event(make, person, address)
    db.session.flush()
    db.session.expire_all()
    if purpose in killed:
        with pytest.raises(Gone):
            queries.ticket(purpose, secret)
    else:
        assert queries.ticket(purpose, secret)
    assert queries.ticket(purpose, other)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_use_a_newer_one_and_time_end_every_secret(make: Make, purpose: str) -> None:
    """R8: used, replaced, or run out."""
    person = make.member()
    address = queries.live_addresses(person.id)[0]
    first, _ = tickets.issue(purpose, person.id, address.id)
    second, ends = tickets.issue(purpose, person.id, address.id)
    db.session.expire_all()
    with pytest.raises(Gone):
        queries.ticket(purpose, first)
    with time_machine.travel(ends + timedelta(seconds=1)), pytest.raises(Gone):
        queries.ticket(purpose, second)
    held = queries.ticket(purpose, second)
    tickets.take(held)
    with pytest.raises(Gone):
        tickets.take(held)
    db.session.expire_all()
    with pytest.raises(Gone):
        queries.ticket(purpose, second)


def test_secrets_are_long_and_stored_as_digests(make: Make) -> None:
    """security.md §1: at least 128 random bits, never in the clear."""
    person = make.member()
    secret, _ = tickets.issue("sign_in", person.id, None)
    assert len(secret) >= 43
    row = db.session.query(LoginToken).one()
    assert secret not in str(vars(row))
    assert row.token_hash == tokens.digest(secret)


def test_links_die_when_a_firm_is_left(make: Make) -> None:
    """R8, I5: through the career, as it happens."""
    firm = make.organisation("Harbour Optics", domain="harbour.example")
    person = make.member(relation="customer:current", organisation=firm, address="it@harbour.example")
    secret, _ = tickets.issue("sign_in", person.id, queries.live_addresses(person.id)[0].id)
    end_relation(relations_of(person.id)[0], PartialDate.parse("2024"), by=make.system)
    db.session.expire_all()
    with pytest.raises(Gone):
        queries.ticket("sign_in", secret)
