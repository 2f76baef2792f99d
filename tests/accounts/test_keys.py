"""How one gets in: password, second step, codes on paper, confirming that it is still the same person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
import time_machine

from portal.accounts import passwords, totp
from portal.accounts.models import Credential, Session
from portal.consents.actions import accept, ensure_legal_texts, publish_legal_text
from portal.core import clock
from portal.core.access import system_viewer
from portal.core.db import db
from tests.accounts.keys import know, set_authenticator, set_password, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser, Page
    from tests.factories import Make

GOOD = "seven lanterns by the canal"
BETTER = "eight oranges under a ladder"


def age(minutes: int) -> None:
    """Every session was confirmed so long ago."""
    db.session.query(Session).update({"authenticated_at": clock.now() - timedelta(minutes=minutes)})
    db.session.commit()


def test_a_password_is_set_and_signs_out_the_others(browse: Browser, make: Make, outbox: Any) -> None:
    """I14, ASVS 6.2.2: other sessions end, the owner is told."""
    ada = make.member(address="ada@example.org")
    her, other = browse.as_(ada), browse.as_(ada)
    page = her.open("accounts.keys_password")
    assert 'value="ada@example.org" autocomplete="username"' in page.text
    page = page.submit("Save", new_password=GOOD)
    assert "Your password is set" in page.words
    assert signed_in(her)
    assert not signed_in(other)
    assert [mail.subject for mail in outbox.mails("ada@example.org")] == ["Your password was set"]
    assert db.session.query(Credential).one().secret.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_change_asks_for_the_present_password(browse: Browser, make: Make) -> None:
    """ASVS 6.2.3."""
    ada = make.member(address="ada@example.org")
    set_password(ada, GOOD)
    her = browse.as_(ada)
    page = her.open("accounts.keys_password").submit("Save", current_password="wrong", new_password=BETTER)
    assert page.status == 422
    assert passwords.matches(db.session.query(Credential).one().secret, GOOD)
    her.open("accounts.keys_password").submit("Save", current_password=GOOD, new_password=BETTER)
    db.session.expire_all()
    assert passwords.matches(db.session.query(Credential).one().secret, BETTER)


@pytest.mark.parametrize(
    "weak",
    ["short one", "password1234", "aaaaaaaaaaaaaaaa", "Kestrel & Lowe 1", "quillfeather12", "qwertyuiop12", "x" * 129],
)
def test_weak_passwords_are_refused(browse: Browser, make: Make, weak: str) -> None:
    """ASVS 6.2.1, 6.2.4, 6.2.11, limits.md: length, common ones, and words of name and house."""
    her = browse.as_(make.member("Ada Quillfeather"))
    assert her.open("accounts.keys_password").submit("Save", new_password=weak).status == 422
    assert db.session.query(Credential).count() == 0


@pytest.mark.parametrize(
    "fine", [" spaces around are kept ", "пароль из четырёх слов вразнобой", "long " + "word " * 24]
)
def test_a_password_is_taken_exactly_as_typed(browse: Browser, make: Make, fine: str) -> None:
    """ASVS 6.2.5, 6.2.8, 6.2.9: any characters, no trimming, up to 128."""
    ada = make.member(address="ada@example.org")
    assert len(fine) <= 128
    browse.as_(ada).open("accounts.keys_password").submit("Save", new_password=fine)
    know(browse, ada)
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org", password=fine)
    assert signed_in(browse)


def test_an_old_hash_is_made_anew_at_sign_in(browse: Browser, make: Make) -> None:
    """ASVS 11.4.2: hashes follow the present costs."""
    from argon2 import PasswordHasher

    ada = make.member(address="ada@example.org")
    set_password(ada, GOOD)
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
    db.session.query(Credential).update({"secret": old})
    db.session.commit()
    know(browse, ada)
    browse.open("accounts.sign_in").submit("Continue", address="ada@example.org", password=GOOD)
    db.session.expire_all()
    assert "m=19456,t=2" in db.session.query(Credential).one().secret


def set_up(browser: Browser) -> tuple[str, Page]:
    """Set up the second step; its secret and the page with the codes on paper."""
    page = browser.open("accounts.keys_authenticator")
    assert "<svg" in page.text
    assert page.tree is not None
    secret = next(code for code in page.tree.iter("{http://www.w3.org/1999/xhtml}code")).text
    secret = (secret or "").replace(" ", "").upper()
    return secret, page.submit("Turn it on", code=pyotp.TOTP(secret).now())


def paper_codes(page: Page) -> list[str]:
    """The codes on paper that a page shows."""
    assert page.tree is not None
    return [code.text or "" for code in page.tree.iter("{http://www.w3.org/1999/xhtml}code")]


def test_the_second_step_is_set_up_with_its_first_code(browse: Browser, make: Make, outbox: Any) -> None:
    """TOTP: kept once a code was right; codes on paper are shown once; the owner is told."""
    ada = make.member(address="ada@example.org")
    her = browse.as_(ada, factors=1)
    wrong = her.open("accounts.keys_authenticator").submit("Turn it on", code="123456")
    assert wrong.status == 422
    secret, page = set_up(her)
    codes = paper_codes(page)
    assert len(codes) == 10
    assert her.open("accounts.keys_codes").url == "/settings/how-you-get-in"
    assert totp.unseal(db.session.query(Credential).one().secret) == secret
    assert secret not in db.session.query(Credential).one().secret
    assert outbox.last("ada@example.org").subject == "Your second step was set up"


def test_a_code_on_paper_stands_in_once(browse: Browser, make: Make, by_mail: Callable[..., Page], outbox: Any) -> None:
    """R14: a lost phone does not lock anybody out; each code works once, and its use is told."""
    ada = make.member(address="ada@example.org")
    _, page = set_up(browse.as_(ada))
    code = paper_codes(page)[3]
    by_mail(browse, "ada@example.org").submit("Continue", code=code.upper())
    assert signed_in(browse)
    assert "code on paper" in outbox.mails("ada@example.org", "second_step_changed")[-1].subject
    again = browse.as_(None)
    assert by_mail(again, "ada@example.org").submit("Continue", code=code).status == 422


def test_the_set_up_code_can_not_be_used_again(browse: Browser, make: Make, by_mail: Callable[..., Page]) -> None:
    """ASVS 6.5.1: the step moves forward only."""
    ada = make.member(address="ada@example.org")
    secret, _ = set_up(browse.as_(ada))
    used = pyotp.TOTP(secret).now()
    page = by_mail(browse, "ada@example.org")
    assert page.submit("Continue", code=used).status == 422
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        page.submit("Continue", code=pyotp.TOTP(secret).at(clock.now()))
        assert signed_in(browse)


def test_removing_the_second_step_asks_for_a_last_code(browse: Browser, make: Make) -> None:
    """ASVS 6.4.4: a stolen session alone removes nothing."""
    ada = make.member(address="ada@example.org")
    secret = set_authenticator(ada)
    her = browse.as_(ada)
    page = her.open("accounts.keys_remove_authenticator")
    assert page.submit("Remove it", code="000000").status == 422
    assert db.session.query(Credential).count() == 1
    page.submit("Remove it", code=pyotp.TOTP(secret).now())
    assert db.session.query(Credential).count() == 0


def test_new_codes_on_paper_replace_the_old(browse: Browser, make: Make) -> None:
    """The old ones are worthless."""
    ada = make.member(address="ada@example.org")
    her = browse.as_(ada)
    _, page = set_up(her)
    old = paper_codes(page)
    fresh = paper_codes(her.open("accounts.keys_new_codes").submit("Make ten codes", code=old[0]))
    assert len(fresh) == 10
    assert not set(fresh) & set(old)
    assert her.open("accounts.keys_new_codes").submit("Make ten codes", code=old[1]).status == 422


@pytest.mark.parametrize("role", ["moderator", "staff", "seller", "manager", "executive", "admin"])
def test_whoever_holds_a_role_is_led_to_the_second_step(browse: Browser, make: Make, role: str) -> None:
    """Security §1: before anything else but their own settings and signing out; afterwards they go on."""
    ada = make.member(roles=(role,), address="ada@example.org")
    her = browse.as_(ada, factors=1)
    page = her.open("home.index")
    assert page.heading == "Your role asks for a second step"
    assert her.open("accounts.sessions").status == 200
    page = page.follow("Set up an authenticator")
    secret = (page.tree.find(".//{http://www.w3.org/1999/xhtml}code").text or "").replace(" ", "").upper()
    page = page.submit("Turn it on", code=pyotp.TOTP(secret).now())
    assert page.follow("I have kept them").url == "/"
    assert db.session.query(Session).one().factors == 2


def test_a_role_granted_later_asks_in_the_running_session(browse: Browser, make: Make) -> None:
    """A session with one factor is raised by a code; what was typed is not lost."""
    ada = make.member(roles=("moderator",), address="ada@example.org")
    secret = set_authenticator(ada)
    her = browse.as_(ada, factors=1)
    page = her.open("home.index")
    assert page.heading == "One more step"
    assert page.submit("Continue", code="000000").status == 422
    page.submit("Continue", code=pyotp.TOTP(secret).now())
    assert her.open("home.index").heading != "One more step"


def test_members_without_a_role_are_not_asked(browse: Browser, make: Make) -> None:
    her = browse.as_(make.member(), factors=1)
    assert her.open("home.index").url == "/"


def test_confirming_by_password(browse: Browser, make: Make) -> None:
    """R11: right password, 15 minutes, and back where one was."""
    ada = make.member(address="ada@example.org")
    set_password(ada, GOOD)
    her = browse.as_(ada)
    age(16)
    page = her.open("accounts.keys_password")
    assert page.heading == "Confirm it is you"
    assert page.submit("Confirm", password="wrong").status == 422
    page = page.submit("Confirm", password=GOOD)
    assert page.url == "/settings/how-you-get-in/password"
    assert page.heading == "Change your password"


def test_confirming_by_code(browse: Browser, make: Make) -> None:
    ada = make.member(address="ada@example.org")
    secret = set_authenticator(ada)
    her = browse.as_(ada)
    age(16)
    page = her.open("accounts.keys_password")
    assert page.submit("Confirm", code="000000").status == 422
    assert page.submit("Confirm", code=pyotp.TOTP(secret).now()).heading == "Set a password"


def test_confirming_by_mail(browse: Browser, make: Make, letter: Callable[..., str]) -> None:
    """A link to an own address, in this very session; elsewhere it confirms nothing."""
    ada = make.member(address="ada@example.org")
    her, other = browse.as_(ada), browse.as_(ada)
    age(16)
    her.open("accounts.keys_password").submit("Mail me a link")
    link = letter("ada@example.org")
    assert other.get(link).submit("Confirm").status == 422
    assert browse.get(link).heading == "Open this link in the other browser"
    assert her.get(link).submit("Confirm").heading == "Set a password"
    assert her.get(link).status == 410


def test_a_work_address_confirms_nothing_when_there_is_better(browse: Browser, make: Make) -> None:
    """I2: such a link never counts as re-authentication."""
    ada = make.member(address="ada@example.org")
    db.session.execute(db.text("UPDATE email_address SET kind = 'work'"))
    set_password(ada, GOOD)
    her = browse.as_(ada)
    age(16)
    assert "Mail me a link" not in her.open("accounts.keys_password").words
    db.session.query(Credential).delete()
    db.session.commit()
    assert "Mail me a link" in her.open("accounts.keys_password").words


def test_new_terms_are_asked_at_the_next_sign_in(browse: Browser, make: Make) -> None:
    """Whoever was signed in before is not interrupted; then nothing else comes first, and the yes is kept."""
    ada = make.member()
    before = browse.as_(ada)
    ensure_legal_texts(by=system_viewer())
    db.session.commit()
    assert before.open("home.index").url == "/"
    her = browse.as_(ada)
    page = her.get("/", {"x": "1"})
    assert page.heading == "The rules of the house"
    page = page.submit("I agree")
    assert page.url == "/?x=1"
    data = her.open("accounts.your_data").words
    assert "Terms of use, version 1" in data
    assert "after signing in" in data


def test_a_changed_wording_is_asked_again(browse: Browser, make: Make) -> None:
    ada = make.member()
    ensure_legal_texts(by=system_viewer())
    accept(ada.id, how="claim", by=make.viewer(ada))
    publish_legal_text("terms", "Terms of use", "Be kinder.", by=system_viewer())
    db.session.commit()
    page = browse.as_(ada).open("home.index")
    assert page.heading == "Our terms have changed"
    assert "Be kinder." in page.words
    assert "What is kept" not in page.words


def test_one_device_or_all_others_are_signed_out(browse: Browser, make: Make) -> None:
    """I14: each session is listed to its owner and revoked at once; nobody else's."""
    ada, ben = make.member(), make.member()
    her, phone, library = browse.as_(ada), browse.as_(ada), browse.as_(ada)
    page = her.open("accounts.sessions")
    assert page.words.count("Test browser") == 3
    page.submit("/end")
    assert sum(signed_in(one) for one in (her, phone, library)) == 2
    assert signed_in(her)
    her.open("accounts.sessions").submit("Sign out all other devices")
    assert [signed_in(one) for one in (her, phone, library)] == [True, False, False]
    theirs = db.session.query(Session).filter_by(ended_at=None).one().public_id
    his = browse.as_(ben)
    page = his.open("accounts.sessions")
    sent = his.post(f"/settings/devices/{theirs}/end", page._values(page._form("/sign-out", set())))
    assert sent.status == 404
    assert signed_in(her)


def test_preferences_are_kept(browse: Browser, make: Make) -> None:
    ada = make.member()
    her = browse.as_(ada)
    page = her.open("accounts.preferences").submit("Save", timezone="Europe/Oslo", theme="dark", shortcuts=None)
    assert 'data-theme="dark"' in page.text
    db.session.expire_all()
    kept = db.session.get(type(ada), ada.id)
    assert (kept.timezone, kept.theme) == ("Europe/Oslo", "dark")
    assert her.open("accounts.preferences").submit("Save", timezone="Nowhere/Town").status == 422


def test_stepping_back_hides_and_signs_out(browse: Browser, make: Make, by_mail: Callable[..., Page]) -> None:
    """Everybody else stops seeing the person until they sign in again."""
    ada = make.member(address="ada@example.org")
    her = browse.as_(ada)
    her.open("accounts.stepping_back").submit("Step back now")
    assert not signed_in(her)
    db.session.expire_all()
    assert not db.session.get(type(ada), ada.id).listed
    by_mail(browse, "ada@example.org")
    db.session.expire_all()
    assert db.session.get(type(ada), ada.id).listed
