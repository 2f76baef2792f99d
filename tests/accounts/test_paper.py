"""Codes on paper: ten, shown once, and the way back when phone and mailbox are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyotp

from portal.accounts.models import EmailAddress, RecoveryCode, Session
from portal.core import clock
from portal.core.db import db
from portal.core.jinja import day
from tests.accounts.keys import same_words, set_authenticator, signed_in
from tests.accounts.test_keys import age, paper_codes

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make


def test_ten_codes_are_made_shown_once_and_told(browse: Browser, make: Make, outbox: Any) -> None:
    """R14: without an authenticator too; digests are stored, and every address hears of it."""
    ada = make.member(address="ada@example.org")
    her = browse.as_(ada)
    page = her.open("accounts.keys_new_codes").submit("Make ten codes")
    codes = paper_codes(page)
    assert len(set(codes)) == 10
    assert day(clock.today()) in page.words, "for whoever prints them"
    assert "hidden" in page.text.split("data-copy=")[1].split(">")[0], "without scripts nothing copies"
    assert her.open("accounts.keys_codes").heading == "How you can get in"
    kept = [row.code_hash for row in db.session.query(RecoveryCode)]
    assert len(kept) == 10
    assert not set(kept) & set(codes)
    assert outbox.last("ada@example.org").subject == "New codes on paper were made"


def test_a_code_and_a_dead_work_address_get_in(browse: Browser, make: Make, outbox: Any) -> None:
    """R14, I5: the mailbox ended with the work, the account did not."""
    ada = make.member(address="ada@harbour.example")
    codes = paper_codes(browse.as_(ada).open("accounts.keys_new_codes").submit("Make ten codes"))
    make.address(ada, "ada@example.org", primary=False)
    db.session.query(EmailAddress).filter_by(address="ada@harbour.example").update(
        {"state": "retired", "live_norm": None, "is_primary": False}
    )
    db.session.commit()
    visitor = browse.as_(None)
    visitor.open("accounts.sign_in").follow("I have a code on paper").submit(
        "Sign in", address="Ada@Harbour.example", code=codes[0].upper()
    )
    assert signed_in(visitor)
    newest = db.session.query(Session).order_by(Session.id.desc()).first()
    assert newest is not None
    assert (newest.opened_through, newest.factors) == ("paper", 1)
    assert "code on paper" in outbox.mails("ada@example.org")[0].subject
    again = browse.as_(None)
    again.open("accounts.paper").submit("Sign in", address="ada@harbour.example", code=codes[0])
    assert not signed_in(again), "each works once"


def test_paper_never_replaces_both_factors(browse: Browser, make: Make) -> None:
    """R10: who has an authenticator is asked for it after a code on paper, and a second code on paper won't do."""
    ada = make.member(address="ada@example.org")
    secret = set_authenticator(ada)
    page = browse.as_(ada).open("accounts.keys_new_codes")
    codes = paper_codes(page.submit("Make ten codes", code=pyotp.TOTP(secret).now()))
    page = browse.open("accounts.paper").submit("Sign in", address="ada@example.org", code=codes[0])
    assert page.heading == "One more step"
    assert "Type one of your codes on paper" not in page.words
    assert "type a code on paper here; or ask for help" in page.words
    assert "is what brought you here" in page.submit("Continue", code=codes[1]).words
    assert not signed_in(browse)


def test_new_codes_ask_for_the_authenticator(browse: Browser, make: Make) -> None:
    """ASVS 6.4.4, R11: a stolen session makes no codes."""
    ada = make.member(address="ada@example.org")
    set_authenticator(ada)
    her = browse.as_(ada)
    assert her.open("accounts.keys_new_codes").submit("Make ten codes", code="000000").status == 422
    age(16)
    assert her.open("accounts.keys_new_codes").heading == "Confirm it is you"
    assert db.session.query(RecoveryCode).count() == 0


def test_a_wrong_code_tells_nothing(browse: Browser, make: Make) -> None:
    """I12: a member's address, a stranger's, and one that is none answer alike, with as many statements."""
    ada = make.member(address="ada@example.org")
    browse.as_(ada).open("accounts.keys_new_codes").submit("Make ten codes")
    pages = [
        browse.as_(None).open("accounts.paper").submit("Sign in", address=typed, code="aaaa-bbbb-cccc")
        for typed in ("ada@example.org", "nobody@example.org")
    ]
    assert [page.status for page in pages] == [422, 422]
    assert same_words(pages[0], "ada@example.org") == same_words(pages[1], "nobody@example.org")
    assert len(pages[0].statements) == len(pages[1].statements)


def test_codes_of_somebody_else_open_nothing(browse: Browser, make: Make) -> None:
    """R14: the address and the code belong to one account."""
    ada, ben = make.member(address="ada@example.org"), make.member(address="ben@example.org")
    codes = paper_codes(browse.as_(ada).open("accounts.keys_new_codes").submit("Make ten codes"))
    browse.open("accounts.paper").submit("Sign in", address="ben@example.org", code=codes[0])
    assert not signed_in(browse)
    assert ben.id
    assert db.session.query(RecoveryCode).filter(RecoveryCode.used_at.is_not(None)).count() == 0
