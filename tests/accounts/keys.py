"""Gives people passwords and authenticators, as their settings pages would."""

from __future__ import annotations

from contextvars import Context
from typing import TYPE_CHECKING, Any

from portal.accounts import passwords, totp
from portal.accounts.models import Credential, Session
from portal.core import clock, tokens
from portal.core.db import add, db
from tests.factories import open_session

if TYPE_CHECKING:
    from portal.people.models import Person
    from tests.browse import Browser, Page


def set_password(person: Person, password: str) -> None:
    """The person has this password."""
    add(Credential(person_id=person.id, kind="password", secret=passwords.make_hash(password)))
    db.session.commit()


def set_authenticator(person: Person) -> str:
    """The person has an authenticator; its secret."""
    secret = totp.new_secret()
    add(Credential(person_id=person.id, kind="totp", secret=totp.seal(secret)))
    db.session.commit()
    return secret


def raw(browser: Browser, method: str, path: str, **kwargs: Any) -> Any:
    """One request and its answer, without following it; in a context of its own."""
    db.session.remove()
    return Context().run(browser.client.open, path, method=method, **kwargs)


def know(browser: Browser, person: Person) -> None:
    """The person was signed in on this browser before."""
    cookie = "c" * 43
    browser.client.set_cookie("browser", cookie)
    token = open_session(person, browser_hash=tokens.digest(cookie))
    db.session.query(Session).filter_by(token_hash=tokens.digest(token)).update({"ended_at": clock.now()})
    db.session.commit()


def signed_in(browser: Browser) -> bool:
    """Whether a closed page opens."""
    return bool(raw(browser, "GET", "/sign-in").status_code == 302)


def same_words(page: Page, address: str) -> str:
    """What a person reads, without what they typed."""
    return page.words.replace(address, "…")
