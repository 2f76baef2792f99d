"""Fifty at once: one wins, whatever they fight for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pyotp
from sqlalchemy.orm import joinedload

from portal.accounts import actions, queries, tickets
from portal.accounts.codes import spend_code
from portal.accounts.devices import Device
from portal.accounts.models import EmailAddress, Invitation, RecoveryCode, Session
from portal.core import tokens
from portal.core.access import VISITOR, viewer_of
from portal.core.db import add, db, unit_of_work
from portal.core.errors import Conflict, Gone, Invalid
from portal.people.models import Person
from tests.accounts.keys import set_authenticator

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.factories import Make

MANY = 50


def at_once(app: Portal, act: Callable[[int], Any]) -> list[Any]:
    """Do it fifty times at once, each in a transaction of its own; what came of each, errors included."""
    db.session.remove()
    start = Barrier(MANY)

    def one(number: int) -> Any:
        start.wait()
        try:
            with app.app_context(), unit_of_work():
                return act(number)
        except Exception as error:  # noqa: BLE001 - what went wrong is what the test looks at
            return error

    with ThreadPoolExecutor(MANY) as pool:
        return [done.result() for done in [pool.submit(Context().run, one, number) for number in range(MANY)]]


def kinds(results: list[Any]) -> dict[str, int]:
    """How many of each sort came back."""
    found: dict[str, int] = {}
    for result in results:
        name = type(result).__name__ if isinstance(result, Exception) else "won"
        found[name] = found.get(name, 0) + 1
    return found


def test_one_address_proved_on_fifty_accounts(app: Portal, make: Make) -> None:
    """I3, R2: one wins; the others learn nothing of whose it is."""
    secrets = []
    for _ in range(MANY):
        person = make.member()
        row = add(EmailAddress(person_id=person.id, address="it@gmail.com", norm="it@gmail.com", domain="gmail.com"))
        secrets.append((person.id, tickets.issue("verify", person.id, row.id)[0]))
    db.session.commit()

    def verify(number: int) -> str:
        person_id, secret = secrets[number]
        return actions.verify_address(queries.ticket("verify", secret), by=viewer_of(person_id)).state

    results = at_once(app, verify)
    assert results.count("live") == 1
    assert all(result in ("live", "unverified") or isinstance(result, Conflict) for result in results)
    names = [person.full_name for person in db.session.query(Person)]
    for result in results:
        if isinstance(result, Conflict):
            assert not [name for name in names if name in result.message]
    assert db.session.query(EmailAddress).filter_by(live_norm="it@gmail.com").count() == 1


def test_one_invitation_claimed_fifty_times(app: Portal, make: Make) -> None:
    """R21: one use."""
    person = make.person()
    secret = tokens.new_secret()
    invitation = actions.invite(person, "it@gmail.com", by=make.system)
    invitation.token_hash = tokens.digest(secret)
    db.session.commit()

    def claim(number: int) -> str:
        letter = queries.invitation(secret)
        device = Device(tokens.digest(str(number)))
        return actions.claim(letter, device, full_name="Ada", call_name="", kind="personal", by=VISITOR)[0]

    results = at_once(app, claim)
    assert kinds(results) == {"won": 1, "Gone": MANY - 1}
    assert db.session.query(Session).count() == 1
    found = db.session.query(Invitation).options(joinedload(Invitation.person)).one()
    assert found.person.claimed_at is not None


def test_one_link_followed_fifty_times(app: Portal, make: Make) -> None:
    """R8: one session comes of it."""
    person = make.member()
    secret, _ = tickets.issue("sign_in", person.id, queries.live_addresses(person.id)[0].id)
    db.session.commit()
    results = at_once(
        app, lambda number: actions.follow_link(queries.ticket("sign_in", secret), Device("b" * 64), by=VISITOR).secret
    )
    assert kinds(results) == {"won": 1, "Gone": MANY - 1}
    assert db.session.query(Session).count() == 1


def test_one_code_typed_fifty_times(app: Portal, make: Make) -> None:
    """ASVS 6.5.1: an authenticator's code, and one on paper, each once."""
    person = make.member()
    secret = set_authenticator(person)
    add(RecoveryCode(person_id=person.id, code_hash=tokens.digest("abcdefghjkmnpqrstuvwxyz2")))
    db.session.commit()
    code = pyotp.TOTP(secret).now()
    for typed in (code, "abcd-efgh-jkmn-pqrs-tuvw-xyz2"):
        results = at_once(app, lambda number, typed=typed: spend_code(person.id, typed))
        assert kinds(results) == {"won": 1, "Invalid": MANY - 1}
        assert all(isinstance(result, Invalid) for result in results if result is not None)


def test_one_applicant_approved_by_fifty_admins(app: Portal, make: Make) -> None:
    """Of many who decide one does; one person and one invitation come of it."""
    from portal.accounts.models import Applicant

    admin = make.member(roles=("admin",))
    row = add(
        Applicant(address="it@gmail.com", norm="it@gmail.com", full_name="Li Wei", state="waiting", proof="Ask Ada.")
    )
    public_id = row.public_id
    db.session.commit()
    results = at_once(
        app, lambda number: actions.approve_applicant(queries.applicant(public_id), by=viewer_of(admin.id)).id
    )
    assert kinds(results) == {"won": 1, "Conflict": MANY - 1} or kinds(results) == {"won": 1, "Missing": MANY - 1}
    assert db.session.query(Invitation).count() == 1
    assert not [result for result in results if isinstance(result, Gone)]
