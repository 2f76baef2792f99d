"""What the accounts' tests share: ways to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser, Page


@pytest.fixture
def by_mail(letter: Callable[..., str]) -> Callable[..., Page]:
    """Sign in by a mailed link, in this browser."""

    def sign_in(browser: Browser, address: str) -> Page:
        browser.open("accounts.sign_in").submit("Continue", address=address)
        return browser.get(letter(address.lower())).submit("Sign in")

    return sign_in
