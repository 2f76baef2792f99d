"""How you can get in: all ways on one page, a line that says how safe that is, and the one next step (R3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.strength import Way, strength
from portal.core.db import db
from tests.accounts.keys import set_authenticator, set_password
from tests.accounts.softkey import SoftKey, add_passkey
from tests.accounts.test_keys import GOOD

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

WAYS = st.lists(
    st.builds(Way, st.sampled_from(["mail", "password", "passkey", "provider", "paper"]), st.booleans()), max_size=6
)


@given(WAYS, st.booleans(), st.booleans())
def test_safe_needs_two_ways_one_of_them_own(ways: list[Way], role: bool, two: bool) -> None:
    """R3: never called safe with fewer than two, or with the employer's alone; then there is exactly one next step."""
    found = strength(ways, holds_role=role, two_factors=two)
    assert found.safe == (len(ways) >= 2 and any(way.own for way in ways) and (two or not role))
    assert bool(found.step) != found.safe
    if not any(way.own for way in ways):
        assert found.step == "address"


@pytest.mark.parametrize(("ways", "words"), [
    ([Way("mail"), Way("mail", own=False)], "Two ways in, one of them not your employer’s: safe."),
    ([Way("mail"), Way("passkey"), Way("paper")], "Three ways in, all of them yours: safe."),
    ([Way("mail", own=False)], "One way in, and it is your employer’s: when you leave, you could lose this account."),
    ([Way("mail")], "One way in. If you lose it, getting back takes a week and two people here."),
])  # fmt: skip
def test_the_line_in_words(ways: list[Way], words: str) -> None:
    """R3: as a person understands it."""
    assert strength(ways, holds_role=False, two_factors=False).sentence == words


def test_the_page_shows_every_way_and_the_next_step(browse: Browser, make: Make) -> None:
    """R3, I14: from a work address alone to safe, one step at a time."""
    ada = make.member(address="ada@harbour.example")
    db.session.execute(db.text("UPDATE email_address SET kind = 'work'"))
    db.session.commit()
    her = browse.as_(ada)
    page = her.open("accounts.keys")
    assert "One way in, and it is your employer’s" in page.words
    assert page.follow("Add an address of your own").heading == "Addresses"
    make.address(ada, "ada@example.org", primary=False)
    set_password(ada, GOOD)
    secret = set_authenticator(ada)
    add_passkey(her, SoftKey(), "The blue stick")
    page = her.open("accounts.keys")
    assert "Four ways in, three of them not your employer’s: safe." in page.words
    for words in ("ada@harbour.example", "ada@example.org", "The blue stick", "Set; last changed", "Set up ",
                  "None yet. They get you in", "signed in on 1 device"):  # fmt: skip
        assert words in page.words, words
    assert secret not in page.text


def test_a_role_without_two_factors_is_not_safe(browse: Browser, make: Make) -> None:
    """R3, security §1: the page says what the role asks for."""
    her = browse.as_(make.member(roles=("moderator",), address="mo@example.org"))
    make.address(make.member(), "other@example.org", primary=False)
    her_page = her.open("accounts.keys")
    assert "One way in." in her_page.words


def test_the_page_costs_the_same_with_one_passkey_and_with_ten(browse: Browser, make: Make) -> None:
    ada = make.member()
    her = browse.as_(ada)
    add_passkey(her, SoftKey())
    few = len(her.open("accounts.keys").statements)
    for number in range(9):
        add_passkey(her, SoftKey(), f"Key {number}")
    assert len(her.open("accounts.keys").statements) == few
