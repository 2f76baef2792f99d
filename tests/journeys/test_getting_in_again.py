"""A passkey in a real browser: Chromium's virtual authenticator stands in for a phone (R14, I13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.models import Passkey, Session
from portal.core.db import db
from tests.journeys.phone import with_phone

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make


def test_a_passkey_is_made_used_and_lost(someone: Callable[..., Any], make: Make, at_home: str) -> None:
    ada = make.member("Ada Lovelace", address="ada@example.org")
    her = someone(ada)
    line, phone = with_phone(her)
    her.go("/settings/how-you-get-in").sees("One way in")
    her.press("Add a passkey").sees("Add a passkey")
    her.fill(name=" ").press("Make the passkey").sees("Give it a name")
    assert not line.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"], "none is made in vain"
    her.fill(name="My phone").press("Make the passkey").sees("is kept", "Two ways in, all of them yours: safe")
    her.look_at("how-you-get-in-safe")
    assert db.session.query(Passkey).one().name == "My phone"

    her.context.clear_cookies()
    her.go("/sign-in").look_at("sign-in").press("Sign in with a passkey").go("/people/me").sees("Ada Lovelace")
    db.session.rollback()
    assert db.session.query(Session).order_by(Session.id.desc()).first().factors == 2  # type: ignore[union-attr]

    line.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    her.context.clear_cookies()
    her.go("/sign-in").press("Sign in with a passkey").sees("No passkey was used")
    assert her.page.url.endswith("/sign-in"), "whoever finds the phone does not get in"


def test_the_keyboard_alone_makes_a_passkey(someone: Callable[..., Any], make: Make, at_home: str) -> None:
    her = someone(make.member("Ada Lovelace", address="ada@example.org"), by="keys")
    with_phone(her)
    her.go("/settings/how-you-get-in/passkeys/new").fill(name="Stick").press("Make the passkey").sees("is kept")


def test_without_scripts_everything_else_works(someone: Callable[..., Any], make: Make, at_home: str) -> None:
    """Passkeys alone need a script; the page says so, and offers the rest."""
    ada = make.member("Ada Lovelace", address="ada@example.org")
    her = someone(ada, by="plain")
    her.go("/settings/how-you-get-in/passkeys/new").sees("This browser can’t make passkeys")
    her.go("/settings/how-you-get-in/codes/new").press("Make ten codes").sees("shown this once")
    code = her.page.locator("main code").first.inner_text()
    visitor = someone(None, by="plain")
    visitor.go("/sign-in").press("I have a code on paper").look_at("code-on-paper")
    visitor.fill(address="ada@example.org", code=code).press("Sign in").go("/people/me").sees("Ada Lovelace")
