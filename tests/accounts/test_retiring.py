"""When work ends: its addresses end here, the account stays, and leavers are asked before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts import actions, queries
from portal.accounts.listeners import reaches_them
from portal.accounts.models import EmailAddress, LoginToken, Session
from portal.careers.actions import end_relation, record_relation
from portal.careers.queries import blockers_of, consequences, positions_of, relations_of
from portal.core import clock, outbox
from portal.core.db import db
from portal.core.outbox import post_mail
from portal.core.partial_dates import PartialDate
from portal.organisations.actions import add_domain
from portal.organisations.queries import host
from tests.accounts.keys import set_password, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make

GOOD = "seven lanterns by the canal"


@pytest.fixture
def employee(make: Make) -> Person:
    """An employee of the host with an address there and one of her own."""
    add_domain(host(), "kestrel.example", by=make.system)
    ada = make.member(relation="employee:current", address="ada@example.org")
    make.address(ada, "ada@mail.kestrel.example", kind="work", primary=False)
    return ada


def leave(person: Person, make: Make, day: str = "2024-06-30") -> None:
    """The host's record ends."""
    end_relation(relations_of(person.id)[0], PartialDate.parse(day), by=make.system)
    db.session.commit()


def state_of(address: str) -> str:
    """An address's state."""
    db.session.expire_all()
    return db.session.query(EmailAddress).filter_by(address=address).one().state


def test_addresses_retire_with_the_last_tie(
    browse: Browser, make: Make, employee: Person, write_mails: Callable[[], None], outbox: Any
) -> None:
    """I5, R4: they sign nobody in, what was opened or mailed through them ends, and the others are told."""
    row = queries.holder("ada@mail.kestrel.example")
    assert row is not None
    through, her = browse.as_(employee, address_id=row.id), browse.as_(employee)
    browse.open("accounts.sign_in").submit("Continue", address="ada@mail.kestrel.example")
    write_mails()
    leave(employee, make)
    assert state_of("ada@mail.kestrel.example") == "retired"
    assert not signed_in(through)
    assert signed_in(her)
    assert db.session.query(LoginToken).filter_by(address_id=row.id, used_at=None).count() == 0
    told = outbox.mails(purpose="retired")
    assert [mail.to_address for mail in told] == ["ada@example.org"]
    assert "ada@mail.kestrel.example" in told[0].text
    count = len(outbox.mails())
    for endpoint, button in (("accounts.sign_in", "Continue"), ("accounts.forgot", "Mail me a link")):
        browse.as_(None).open(endpoint).submit(button, address="ada@mail.kestrel.example")
    write_mails()
    assert len(outbox.mails()) == count


def test_an_address_of_work_that_goes_on_can_be_confirmed_again(
    browse: Browser, employee: Person, letter: Callable[..., str]
) -> None:
    """I5: a move that was taken back leaves the address retired until its mailbox proves it."""
    her = browse.as_(employee)
    moved = her.open("careers.moved").submit("Save", organisation="Harbour Mills")
    assert state_of("ada@mail.kestrel.example") == "retired"
    assert "Confirm it again" not in her.open("accounts.addresses").words
    assert "confirm it again under Addresses" in moved.submit("undo").words
    page = her.open("accounts.addresses")
    assert "It had ended with the work, which goes on" in page.words
    page.submit("Confirm it again")
    her.get(letter("ada@mail.kestrel.example")).submit("Confirm")
    assert state_of("ada@mail.kestrel.example") == "live"
    assert "Confirm it again" not in her.open("accounts.addresses").words


def test_nothing_that_waits_is_mailed_to_a_retired_address(
    make: Make, employee: Person, work: Callable[[], int]
) -> None:
    """R4: not even what was written before the last day."""
    before = post_mail("test", "ada@mail.kestrel.example", "Hello", "Hello.", person_id=employee.id)
    secure = post_mail("test", "ada@mail.kestrel.example", "Hello", "Hello.", person_id=employee.id, security=True)
    ids = before.id, secure.id
    leave(employee, make)
    work()
    kept = [db.session.get(outbox.OutboxMail, one) for one in ids]
    assert [one.state for one in kept if one] == ["cancelled", "cancelled"]


def test_the_account_stays_and_the_password_opens_it(browse: Browser, make: Make) -> None:
    """I5, I13: with the old address as its name; the first thing asked is an own address."""
    add_domain(host(), "kestrel.example", by=make.system)
    ada = make.member(relation="employee:current", address="ada@kestrel.example")
    set_password(ada, GOOD)
    leave(ada, make)
    assert state_of("ada@kestrel.example") == "retired"
    assert queries.primary_address(ada.id) is None
    page = browse.open("accounts.sign_in").submit("Continue", address="ada@kestrel.example", password=GOOD)
    assert signed_in(browse)
    assert page.heading == "Add an address of your own"


def test_the_next_holder_of_an_address_gets_an_account_of_their_own(
    browse: Browser, make: Make, letter: Callable[..., str]
) -> None:
    """I7, R20: a retired address blocks nobody, and shows nothing of the former holder."""
    add_domain(host(), "kestrel.example", by=make.system)
    old = make.member("Ada Lovelace", relation="employee:current", address="it@kestrel.example")
    set_password(old, GOOD)
    leave(old, make)
    person = make.person("Ben Novak")
    record_relation(person, "employee", host(), start=PartialDate.parse("2024-07"), by=make.system)
    actions.invite(person, "it@kestrel.example", by=make.system)
    db.session.commit()
    page = browse.get(letter("it@kestrel.example")).submit("Take my account").submit("Continue")
    assert "Lovelace" not in page.text
    assert queries.holder("it@kestrel.example").person_id == person.id
    former = browse.as_(None)
    former.open("accounts.sign_in").submit("Continue", address="it@kestrel.example", password=GOOD)
    assert [row.person_id for row in db.session.query(Session).order_by(Session.id)] == [person.id, old.id]


def test_another_tie_keeps_the_address(make: Make, employee: Person) -> None:
    """I5: only the last tie counts."""
    record_relation(employee, "partner", host(), start=PartialDate.parse("2020"), by=make.system)
    leave_first = next(row for row in relations_of(employee.id) if row.kind == "employee")
    end_relation(leave_first, PartialDate.parse("2024"), by=make.system)
    assert state_of("ada@mail.kestrel.example") == "live"


def test_leaving_is_explained_and_stopped_when_it_would_lock_out(make: Make, employee: Person) -> None:
    """I5: "I have moved" can't be finished without another way in."""
    position = positions_of(employee.id)[0]
    assert "ada@mail.kestrel.example stops signing you in" in " ".join(consequences(position))
    assert blockers_of(position) == []
    db.session.query(EmailAddress).filter_by(address="ada@example.org").update(
        {"state": "unverified", "live_norm": None}
    )
    db.session.commit()
    assert "First add an address of your own" in " ".join(blockers_of(position))
    set_password(employee, GOOD)
    assert blockers_of(position) == []


def test_who_signed_in_through_it_is_told_before_and_after(browse: Browser, make: Make, employee: Person) -> None:
    """I5, I14: whoever declares the move at a device that the old address opened is not left with a bare sign-in page."""
    row = queries.holder("ada@mail.kestrel.example")
    assert row is not None
    tab = browse.as_(employee, address_id=row.id, minutes_ago=0)
    page = tab.open("careers.moved")
    assert "are signed out, perhaps this one too. Sign in again by ada@example.org." in page.words
    page = page.submit("Save", left=positions_of(employee.id)[0].public_id, organisation="Mill & Sons")
    assert not signed_in(tab)
    assert "This device was signed in through an address that has ended" in page.words
    assert "Sign in again by ada@example.org." in page.words


def test_who_has_no_other_way_in_finds_the_place_to_add_one(browse: Browser, make: Make) -> None:
    """I5: asked before the old address ends."""
    add_domain(host(), "kestrel.example", by=make.system)
    ben = make.member(relation="employee:current", address="ben@kestrel.example")
    page = browse.as_(ben, minutes_ago=0).open("careers.moved")
    assert "First add an address of your own" in page.words
    refused = page.submit("Save", left=positions_of(ben.id)[0].public_id, organisation="Mill & Sons")
    assert refused.status == 422
    assert state_of("ben@kestrel.example") == "live"
    added = refused.follow("Add an address of my own").submit("Add", address="ben@example.org")
    assert added.heading == "I have moved"


def test_leavers_are_asked_before_the_last_day(make: Make, write_mails: Callable[[], None], outbox: Any) -> None:
    """I4, R3: 30, 14, 7 and 1 days before, once each; whoever has an own address is left alone."""
    add_domain(host(), "kestrel.example", by=make.system)
    today = clock.today()
    last = today + timedelta(days=40)
    ada = make.member(relation="employee:current", address="ada@kestrel.example")
    ben = make.member(relation="employee:current", address="ben@example.org")
    db.session.query(EmailAddress).filter_by(address="ada@kestrel.example").update({"kind": "work"})
    make.address(ben, "ben@kestrel.example", kind="work", primary=False)
    for person in (ada, ben):
        end_relation(relations_of(person.id)[0], PartialDate.of(last), by=make.system)
    db.session.commit()
    asked = []
    for days in range(41):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            actions.remind_leavers(by=make.system)
            actions.remind_leavers(by=make.system)
            db.session.commit()
            if len(outbox.mails()) > len(asked):
                asked.append(40 - days)
    assert asked == [30, 14, 7, 1]
    assert set(outbox.recipients()) == {"ada@kestrel.example"}


def test_days_without_a_worker_make_one_reminder(make: Make, outbox: Any) -> None:
    """R3: what was missed is said once."""
    add_domain(host(), "kestrel.example", by=make.system)
    ada = make.member(relation="employee:current", address="ada@kestrel.example")
    db.session.query(EmailAddress).update({"kind": "work"})
    end_relation(relations_of(ada.id)[0], PartialDate.of(clock.today() + timedelta(days=5)), by=make.system)
    actions.remind_leavers(by=make.system)
    db.session.commit()
    assert len(outbox.mails()) == 1
    assert "In 5 days" in outbox.mails()[0].text


def test_unproved_addresses_grow_stale_and_signing_in_proves_them(
    browse: Browser, make: Make, by_mail: Callable[..., Any]
) -> None:
    """R5: after a year; a personal one still signs in, and that proves it anew."""
    make.member(address="ada@example.org")
    db.session.query(EmailAddress).update({"proved_at": clock.now() - timedelta(days=366)})
    actions.age_addresses(by=make.system)
    db.session.commit()
    assert state_of("ada@example.org") == "stale"
    by_mail(browse, "ada@example.org")
    assert signed_in(browse)
    assert state_of("ada@example.org") == "live"


def test_mail_that_comes_back_suspends_then_kills(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """R7: one hard bounce suspends, a second is dead; confirming it again brings it back."""
    ada = make.member(address="ada@example.org")
    make.address(ada, "home@gmail.com", primary=False)
    actions.note_bounce("ada@example.org", by=make.system)
    db.session.commit()
    assert state_of("ada@example.org") == "suspended"
    assert queries.primary_address(ada.id) == "home@gmail.com"
    her = browse.as_(ada)
    her.open("accounts.addresses").submit("Mail the link again")
    her.get(letter("ada@example.org")).submit("Confirm")
    assert state_of("ada@example.org") == "live"
    for _ in range(2):
        actions.note_bounce("ada@example.org", by=make.system)
    db.session.commit()
    assert state_of("ada@example.org") == "dead"


def test_whoever_is_remembered_gets_nothing_at_all(make: Make) -> None:
    """I15: no mail, whatever waits."""
    ada = make.member(address="ada@example.org")
    mail = post_mail("test", "ada@example.org", "Hello", "Hello.", person_id=ada.id, security=True)
    assert reaches_them(mail)
    ada.stepped_back_at = clock.now()
    db.session.flush()
    assert reaches_them(mail)
    mail.security = False
    assert not reaches_them(mail)
    mail.security, ada.remembered_at = True, clock.now()
    db.session.flush()
    assert not reaches_them(mail)


def test_old_traces_are_forgotten(browse: Browser, make: Make) -> None:
    """limits.md: network addresses 90 days, unproved claims 14; a device stays known as long as its cookie."""
    ada = make.member(address="ada@example.org")
    make.address(ada, "claim@gmail.com", state="unverified", primary=False)
    browse.as_(ada, ip="203.0.113.7")
    left = []
    for days in (13, 15, 89, 91, 429, 431):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            actions.forget_old_traces(by=make.system)
            db.session.commit()
            found = db.session.query(Session).one_or_none()
            left.append((state_of("claim@gmail.com"), found.ip if found else None))
    assert left == [
        ("unverified", "203.0.113.7"), ("removed", "203.0.113.7"), ("removed", "203.0.113.7"), ("removed", ""),
        ("removed", ""), ("removed", None),
    ]  # fmt: skip
