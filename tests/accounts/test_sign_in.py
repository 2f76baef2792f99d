"""Signing in: by a mailed link, by a password, with a second step; and what nobody can learn there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
import time_machine

from portal.accounts.models import Session
from portal.core import clock
from portal.core.db import db
from portal.core.jobs import Job
from portal.people.actions import step_back
from tests.accounts.keys import know, raw, same_words, set_authenticator, set_password, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser, Page
    from tests.factories import Make

GOOD = "seven lanterns by the canal"


def test_a_mailed_link_signs_in(browse: Browser, make: Make, by_mail: Callable[..., Page]) -> None:
    """I2: any live address names the account."""
    ada = make.member(address="ada@example.org")
    make.address(ada, "ada@work.example", kind="work", primary=False)
    by_mail(browse, "ADA@example.org")
    assert signed_in(browse)
    assert db.session.query(Session).filter_by(person_id=ada.id).one().opened_through == "link"


def test_opening_the_link_signs_nobody_in(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """I2: GET uses nothing up and names nobody."""
    make.member("Ada Lovelace", address="ada@example.org")
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org")
    link = letter("ada@example.org")
    for _ in range(3):
        page = browse.get(link)
        assert page.status == 200
        assert "Ada" not in page.words
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    page.submit("Sign in")
    assert signed_in(browse)
    assert browse.as_(None).get(link).status == 410


def test_a_link_works_once(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """R8: used, it is worthless; so is an older one when a newer was asked for."""
    make.member(address="ada@example.org")
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org")
    first = letter("ada@example.org")
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org")
    second = letter("ada@example.org")
    assert browse.get(first).status == 410
    browse.get(second).submit("Sign in")
    assert signed_in(browse)
    assert browse.get(second).status == 410


def test_a_link_lives_ten_minutes(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """limits.md: a sign-in link lives 10 minutes."""
    make.member(address="ada@example.org")
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org")
    link = letter("ada@example.org")
    with time_machine.travel(clock.now() + timedelta(minutes=9)):
        assert browse.get(link).status == 200
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert browse.get(link).status == 410


def test_a_link_opened_in_another_browser_asks_for_a_new_one(
    browse: Browser, make: Make, letter: Callable[..., str]
) -> None:
    """Security §1: a mailed link counts in the browser that asked for it, so no link of others signs anybody in."""
    make.member(address="ada@example.org")
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org")
    phone = browse.as_(None)
    page = phone.get(letter("ada@example.org")).submit("Sign in")
    assert "Another browser" in page.heading
    page.submit("Mail me a link for this browser")
    phone.get(letter("ada@example.org")).submit("Sign in")
    assert signed_in(phone)
    assert not signed_in(browse)


def test_the_way_on_is_kept_and_stays_on_this_site(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """security.md §3: `next` leads to this site only."""
    make.member(address="ada@example.org")
    browse.get("/sign-in", {"next": "/settings"}).submit("Continue", address="ada@example.org")
    assert browse.get(letter("ada@example.org")).submit("Sign in").url.startswith("/settings")
    for evil in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert "evil" not in browse.as_(None).get("/sign-in", {"next": evil}).text


def test_the_session_is_a_new_one_at_sign_in(browse: Browser, make: Make) -> None:
    """security.md §3: nothing that was in the browser before survives (fixation)."""
    ada = make.member(address="ada@example.org")
    set_password(ada, GOOD)
    with browse.client.session_transaction() as before:
        before["planted"] = "by somebody"
        before["_user_id"] = "fixed"
    know(browse, ada)
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org", password=GOOD)
    with browse.client.session_transaction() as after:
        assert "planted" not in after
        assert after["_user_id"] != "fixed"


def test_a_password_signs_in_on_a_known_browser(browse: Browser, make: Make) -> None:
    """I2: a password is one of the credentials."""
    ada = make.member(address="ada@example.org")
    set_password(ada, GOOD)
    know(browse, ada)
    browse.open("accounts.sign_in").submit("Continue", address="Ada@Example.org", password=GOOD)
    assert signed_in(browse)


def test_a_password_on_a_new_browser_is_confirmed_by_mail_there(
    browse: Browser, make: Make, letter: Callable[..., str]
) -> None:
    """Security §1: password plus confirmation of an unknown device by mail, and only in that browser."""
    ada = make.member(address="ada@example.org")
    set_password(ada, GOOD)
    page = browse.open("accounts.sign_in").submit("Continue", address="ada@example.org", password=GOOD)
    assert page.heading == "Look into your mail"
    assert not signed_in(browse)
    link = letter("ada@example.org")
    elsewhere = browse.as_(None)
    assert "other browser" in elsewhere.get(link).submit("Sign in").heading
    assert not signed_in(elsewhere)
    browse.get(link).submit("Sign in")
    assert signed_in(browse)


def test_a_wrong_password_says_nothing_of_the_account(browse: Browser, make: Make) -> None:
    """I12: the same status and text whether the address is unknown, has no password, or it is wrong."""
    set_password(make.member(address="ada@example.org"), GOOD)
    make.member(address="ben@example.org")
    answers = []
    for address in ("ada@example.org", "ben@example.org", "nobody@example.org"):
        page = browse.as_(None).open("accounts.sign_in").submit("Continue", address=address, password="not the one")
        answers.append((page.status, same_words(page, address)))
    assert answers[0][0] == 422
    assert len(set(answers)) == 1


def test_asking_for_a_link_looks_the_same_for_everybody(
    browse: Browser, make: Make, write_mails: Callable[[], None], outbox: Any
) -> None:
    """I12: same status, same text, the same job; only who lives there gets a mail."""
    make.member(address="ada@example.org")
    answers = set()
    for address in ("ada@example.org", "nobody@example.org"):
        page = browse.as_(None).open("accounts.sign_in").submit("Continue", address=address)
        answers.add((page.status, same_words(page, address), len(page.statements)))
    assert len(answers) == 1
    assert db.session.query(Job).filter_by(name="accounts.mail_sign_in_link").count() == 2
    write_mails()
    assert outbox.recipients() == ["ada@example.org"]


def test_known_and_unknown_cost_the_same(browse: Browser, make: Make) -> None:
    """I12, R22: the same statements and one hash, so no time tells them apart."""
    set_password(make.member(address="ada@example.org"), GOOD)
    costs = {}
    for address in ("ada@example.org", "nobody@example.org"):
        page = browse.as_(None).open("accounts.sign_in").submit("Continue", address=address, password="not the one")
        costs[address] = [statement.split("(")[0] for statement in page.statements]
    assert costs["ada@example.org"] == costs["nobody@example.org"]


@pytest.mark.parametrize(
    "bad",
    [
        "ada@example.org,eve@example.com",
        "ada@example.org\r\nBcc: eve@example.com",
        "a b@c.de",
        "ada",
        "ａda@example.org",
    ],
)
def test_only_one_plain_address_is_taken(
    browse: Browser, make: Make, bad: str, write_mails: Callable[[], None], outbox: Any
) -> None:
    """R9: lists, line breaks and look-alikes reach nobody."""
    make.member(address="ada@example.org")
    page = browse.open("accounts.sign_in").submit("Continue", address=bad)
    assert page.status == 422
    write_mails()
    assert outbox.recipients() == []


def test_several_addresses_in_one_form_are_none(
    browse: Browser, make: Make, write_mails: Callable[[], None], outbox: Any
) -> None:
    """R9: a doubled field mails nobody (GitLab's CVE-2023-7028)."""
    make.member(address="ada@example.org")
    page = browse.open("accounts.sign_in").submit("Continue", address=["ada@example.org", "eve@example.com"])
    assert page.status == 422
    write_mails()
    assert outbox.recipients() == []


def test_the_stored_form_is_mailed_whatever_was_typed(
    browse: Browser, make: Make, write_mails: Callable[[], None], outbox: Any
) -> None:
    """R9: what is mailed is the verified address, never the string from the form."""
    make.member(address="ada@example.org")
    browse.open("accounts.sign_in").submit("Continue", address="ADA@EXAMPLE.ORG")
    write_mails()
    assert outbox.recipients() == ["ada@example.org"]


@pytest.mark.parametrize(("state", "kind", "mailed"), [
    ("live", "personal", True), ("live", "work", True), ("stale", "personal", True), ("stale", "work", False),
    ("suspended", "personal", False), ("dead", "personal", False), ("retired", "work", False),
    ("removed", "personal", False), ("unverified", "personal", False),
])  # fmt: skip
def test_which_addresses_sign_in_by_mail(
    *, browse: Browser, make: Make, write_mails: Callable[[], None], outbox: Any, state: str, kind: str, mailed: bool
) -> None:
    """R4, R5, I5: retired, dead, suspended, removed and unproved addresses sign nobody in."""
    ada = make.member(address="home@example.org")
    make.address(ada, "it@example.net", state=state, kind=kind, primary=False)
    browse.open("accounts.sign_in").submit("Continue", address="it@example.net")
    write_mails()
    assert outbox.recipients() == (["it@example.net"] if mailed else [])


def test_a_code_is_asked_of_those_who_have_an_authenticator(
    browse: Browser, make: Make, by_mail: Callable[..., Page]
) -> None:
    """Security §1: a second step that was set up is never left out, and each code works once."""
    ada = make.member(address="ada@example.org")
    secret = set_authenticator(ada)
    page = by_mail(browse, "ada@example.org")
    assert page.heading == "One more step"
    assert not signed_in(browse.open("accounts.sign_in").browser)
    page = browse.get("/sign-in/second-step")
    assert page.submit("Continue", code="000000").status == 422
    code = pyotp.TOTP(secret).now()
    page.submit("Continue", code=f"{code[:3]} {code[3:]}")
    assert signed_in(browse)
    assert db.session.query(Session).filter_by(person_id=ada.id).one().factors == 2
    other = browse.as_(None)
    assert by_mail(other, "ada@example.org").submit("Continue", code=code).status == 422
    assert not signed_in(other)


def test_the_second_step_stays_in_its_browser_and_ends(
    browse: Browser, make: Make, by_mail: Callable[..., Page]
) -> None:
    """ASVS 2.3.1, 6.6.2: no step is skipped, and what was begun elsewhere or long ago is not carried on."""
    secret = set_authenticator(make.member(address="ada@example.org"))
    page = by_mail(browse, "ada@example.org")
    assert browse.as_(None).get("/sign-in/second-step").status == 410
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert page.submit("Continue", code=pyotp.TOTP(secret).now()).status == 410


def test_tries_are_counted_but_the_owner_gets_in(browse: Browser, make: Make) -> None:
    """security.md §3: few wrong passwords reach the hash, then 429; the known browser is not kept out."""
    ada = make.member(address="ada@example.org")
    set_password(ada, GOOD)
    know(browse, ada)
    stranger, statuses = browse.as_(None), []
    for number in range(12):
        page = stranger.open("accounts.sign_in")
        typed = page._values(page._form("Continue", set())) | {"address": "ada@example.org", "password": "wrong"}
        sent = stranger.post("/sign-in", typed, environ_base={"REMOTE_ADDR": f"203.0.113.{number}"})
        statuses.append(sent.status)
    assert statuses.count(422) <= 5
    assert statuses[-1] == 429
    assert int(sent.response.headers["Retry-After"]) > 0
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org", password=GOOD)
    assert signed_in(browse)


def test_signing_out_ends_the_session_at_the_server(browse: Browser, make: Make) -> None:
    """ASVS 7.4.1, 14.3.1: the token is dead everywhere, and the browser is told to forget."""
    ada = make.member()
    her = browse.as_(ada)
    with her.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    page = her.open("accounts.sessions")
    sent = raw(her, "POST", "/sign-out", data=page._values(page._form("/sign-out", set())))
    assert sent.headers["Clear-Site-Data"] == '"cache", "storage"'
    again = browse.as_(None)
    with again.client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert not signed_in(again)


def test_at_most_ten_devices_are_signed_in(browse: Browser, make: Make) -> None:
    """limits.md: ten devices; the one used longest ago goes first."""
    ada = make.member(address="ada@example.org")
    set_password(ada, GOOD)
    her = [browse.as_(ada) for _ in range(10)]
    know(browse, ada)
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org", password=GOOD)
    assert signed_in(browse)
    assert not signed_in(her[0])
    assert signed_in(her[5])


def test_a_session_slides_and_ends(browse: Browser, make: Make) -> None:
    """limits.md: 30 days after it was last used."""
    her = browse.as_(make.member())
    with time_machine.travel(clock.now() + timedelta(days=29)):
        assert signed_in(her)
    with time_machine.travel(clock.now() + timedelta(days=50)):
        assert signed_in(her)
    with time_machine.travel(clock.now() + timedelta(days=90)):
        assert not signed_in(her)


def test_whoever_stepped_back_is_back_after_signing_in(
    browse: Browser, make: Make, by_mail: Callable[..., Page]
) -> None:
    """Stepping back lasts until the person signs in again."""
    ada = make.member(address="ada@example.org")
    step_back(ada, by=make.viewer(ada))
    db.session.commit()
    by_mail(browse, "ada@example.org")
    db.session.expire_all()
    assert db.session.get(type(ada), ada.id).listed


def test_whoever_is_remembered_is_never_written_to(
    browse: Browser, make: Make, write_mails: Callable[[], None], outbox: Any
) -> None:
    """I15: locked, and no mail."""
    ada = make.member(address="ada@example.org")
    ada.remembered_at = clock.now()
    db.session.commit()
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org")
    write_mails()
    assert outbox.recipients() == []


def test_a_new_browser_is_told_to_the_own_addresses(
    browse: Browser, make: Make, by_mail: Callable[..., Page], outbox: Any
) -> None:
    """ASVS 6.3.5: the first browser is nothing new; the second is told, and a work address learns no more than that."""
    ada = make.member(address="ada@example.org")
    make.address(ada, "ada@work.example", kind="work", primary=False)
    by_mail(browse, "ada@example.org")
    assert outbox.mails(purpose="new_device") == []
    by_mail(browse.as_(None), "ada@example.org")
    mails = {mail.to_address: mail.text for mail in outbox.mails(purpose="new_device")}
    assert "/settings/devices" in mails["ada@example.org"]
    assert "/settings" not in mails["ada@work.example"]
