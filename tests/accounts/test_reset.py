"""A forgotten password: which addresses recover, what waits, and what it never does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts import actions, passwords, queries
from portal.accounts.jobs import apply_resets
from portal.accounts.models import Credential, EmailAddress, WaitingReset
from portal.core import clock
from portal.core.db import db
from tests.accounts.keys import know, same_words, set_authenticator, set_password, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make

OLD = "seven lanterns by the canal"
NEW = "eight oranges under a ladder"


def password_is(person: Person, password: str) -> bool:
    """Whether this is the person's password now."""
    db.session.expire_all()
    held = queries.credential(person.id, "password")
    return held is not None and passwords.matches(held.secret, password)


@pytest.fixture
def employee(make: Make) -> Person:
    """Somebody who works at a known firm, with an address there and one of their own."""
    firm = make.organisation("Harbour Optics", domain="harbour.example")
    ada = make.member(relation="customer:current", organisation=firm, address="ada@example.org")
    make.address(ada, "ada@harbour.example", kind="work", primary=False)
    set_password(ada, OLD)
    return ada


def test_a_new_password_by_a_personal_address(
    browse: Browser, make: Make, letter: Callable[..., str], outbox: Any
) -> None:
    """I6, R10: at once, signs everybody out and nobody in, and is told."""
    ada = make.member(address="ada@example.org")
    set_password(ada, OLD)
    her = browse.as_(ada)
    browse.open("accounts.forgot").submit("Mail me a link", address="ADA@example.org")
    link = letter("ada@example.org")
    page = browse.get(link)
    assert page.status == 200
    assert "Ada" not in page.words
    page = page.submit("Set it", new_password=NEW)
    assert page.url == "/sign-in"
    assert password_is(ada, NEW)
    assert not signed_in(browse)
    assert not signed_in(her)
    assert browse.get(link).status == 410
    assert outbox.last("ada@example.org").subject == "Your password was changed"


def test_a_reset_does_not_skip_the_second_step(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """R10, ASVS 6.4.3: with the new password the code is still asked."""
    ada = make.member(address="ada@example.org")
    set_authenticator(ada)
    know(browse, ada)
    browse.open("accounts.forgot").submit("Mail me a link", address="ada@example.org")
    browse.get(letter("ada@example.org")).submit("Set it", new_password=NEW)
    page = browse.open("accounts.sign_in").submit("Continue", address="ada@example.org", password=NEW)
    assert page.heading == "One more step"
    assert not signed_in(browse)


def test_the_new_password_opens_no_unknown_browser_by_itself(
    browse: Browser, make: Make, letter: Callable[..., str]
) -> None:
    """R10: there it is confirmed by mail."""
    make.member(address="ada@example.org")
    browse.open("accounts.forgot").submit("Mail me a link", address="ada@example.org")
    browse.get(letter("ada@example.org")).submit("Set it", new_password=NEW)
    page = browse.open("accounts.sign_in").submit("Continue", address="ada@example.org", password=NEW)
    assert page.heading == "Look into your mail"
    assert not signed_in(browse)


def test_known_and_unknown_addresses_get_the_same_answer(
    browse: Browser, make: Make, write_mails: Callable[[], None], outbox: Any
) -> None:
    """I12: status, words, statements and job are the same."""
    make.member(address="ada@example.org")
    answers = set()
    for address in ("ada@example.org", "nobody@example.org"):
        page = browse.as_(None).open("accounts.forgot").submit("Mail me a link", address=address)
        answers.add((page.status, same_words(page, address), len(page.statements)))
    assert len(answers) == 1
    write_mails()
    assert outbox.recipients() == ["ada@example.org"]


@pytest.mark.parametrize(("state", "kind", "works", "proved_days_ago", "mailed"), [
    ("live", "personal", False, 10, True), ("live", "personal", False, 1000, True), ("stale", "personal", False, 400, False),
    ("suspended", "personal", False, 10, False), ("retired", "work", True, 10, False), ("removed", "personal", False, 10, False),
    ("live", "work", True, 10, True), ("live", "work", True, 364, True), ("live", "work", True, 366, False),
    ("live", "work", False, 10, False), ("unverified", "personal", False, 10, False),
])  # fmt: skip
def test_which_addresses_recover(
    *, browse: Browser, make: Make, write_mails: Callable[[], None], outbox: Any, state: str, kind: str, works: bool,
    proved_days_ago: int, mailed: bool,
) -> None:  # fmt: skip
    """I6: live personal ones; work ones of a current employer, proved within twelve months."""
    firm = make.organisation("Harbour Optics", domain="harbour.example")
    relation = "customer:current" if works else "customer:former"
    ada = make.member(relation=relation, organisation=firm, address="home@example.org")
    it = "it@harbour.example" if kind == "work" else "it@example.net"
    row = make.address(ada, it, state=state, kind=kind, primary=False)
    db.session.query(EmailAddress).filter_by(id=row.id).update(
        {"proved_at": clock.now() - timedelta(days=proved_days_ago)}
    )
    db.session.commit()
    browse.open("accounts.forgot").submit("Mail me a link", address=it)
    write_mails()
    assert outbox.recipients() == ([it] if mailed else [])


def test_through_a_work_address_it_waits(
    browse: Browser, employee: Person, letter: Callable[..., str], outbox: Any
) -> None:
    """I6: 24 hours; every personal address is told, with a link that stops it; the work address has no such link."""
    browse.open("accounts.forgot").submit("Mail me a link", address="ada@harbour.example")
    page = browse.get(letter("ada@harbour.example")).submit("Set it", new_password=NEW)
    assert page.heading == "Your new password waits a little"
    assert password_is(employee, OLD)
    told = outbox.mails(purpose="reset_waits")
    assert [mail.to_address for mail in told] == ["ada@example.org"]
    with time_machine.travel(clock.now() + timedelta(hours=23)):
        apply_resets()
        assert password_is(employee, OLD)
    with time_machine.travel(clock.now() + timedelta(hours=24, minutes=1)):
        apply_resets()
        assert password_is(employee, NEW)


def test_a_personal_address_stops_it(
    browse: Browser, employee: Person, letter: Callable[..., str], outbox: Any
) -> None:
    """I6: whatever was chosen through the work address never comes into force."""
    browse.open("accounts.forgot").submit("Mail me a link", address="ada@harbour.example")
    browse.get(letter("ada@harbour.example")).submit("Set it", new_password=NEW)
    stop = letter("ada@example.org")
    assert browse.get(stop).status == 200
    assert db.session.query(WaitingReset).one().ended_at is None
    browse.get(stop).submit("stop it")
    assert browse.get(stop).status == 410
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        apply_resets()
    assert password_is(employee, OLD)
    texts = {mail.to_address: mail.text for mail in outbox.mails(purpose="reset_stopped")}
    assert "/settings" in texts["ada@example.org"]
    assert "/settings" not in texts["ada@harbour.example"]


def test_what_waits_dies_with_its_address_and_with_the_owner_s_own_change(
    make: Make, browse: Browser, employee: Person, letter: Callable[..., str]
) -> None:
    """R8, I5: the work ended, or the owner set a password meanwhile."""
    browse.open("accounts.forgot").submit("Mail me a link", address="ada@harbour.example")
    browse.get(letter("ada@harbour.example")).submit("Set it", new_password=NEW)
    row = queries.holder("ada@harbour.example")
    assert row is not None
    actions.let_go(row, "retired", by=make.system)
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        apply_resets()
    assert password_is(employee, OLD)


def test_a_weak_password_is_refused_and_the_link_kept(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    make.member(address="ada@example.org")
    browse.open("accounts.forgot").submit("Mail me a link", address="ada@example.org")
    page = browse.get(letter("ada@example.org"))
    assert page.submit("Set it", new_password="short").status == 422
    page.submit("Set it", new_password=NEW)
    assert db.session.query(Credential).count() == 1


def test_a_reset_link_lives_an_hour(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """limits.md: 1 h."""
    make.member(address="ada@example.org")
    browse.open("accounts.forgot").submit("Mail me a link", address="ada@example.org")
    link = letter("ada@example.org")
    with time_machine.travel(clock.now() + timedelta(minutes=59)):
        assert browse.get(link).status == 200
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert browse.get(link).status == 410
