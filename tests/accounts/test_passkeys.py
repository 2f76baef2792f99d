"""Passkeys: made, used at the door and before dangerous acts, renamed, removed; two factors in one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts import actions, passkeys
from portal.accounts.models import Passkey, RecoveryCase, RecoveryCode, Session, SpentChallenge
from portal.accounts.person_data import AccountData
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Invalid
from tests.accounts.keys import set_authenticator, set_password, signed_in
from tests.accounts.softkey import PRESENT, SoftKey, add_passkey, asked, show_passkey
from tests.accounts.test_keys import GOOD, age

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make


def test_a_passkey_is_added_and_signs_in(browse: Browser, make: Make, outbox: Any) -> None:
    """R14, I14: without any mailbox, as two factors; every address is told of it."""
    ada, key = make.member("Ada Lovelace", address="ada@example.org"), SoftKey()
    page = add_passkey(browse.as_(ada, factors=1), key)
    assert "“My phone” is kept" in page.words
    assert [mail.subject for mail in outbox.mails("ada@example.org")] == ["How you get in has changed"]
    assert show_passkey(browse, key).url == "/"
    assert signed_in(browse)
    newest = db.session.query(Session).order_by(Session.id.desc()).first()
    assert newest is not None
    assert (newest.person_id, newest.opened_through, newest.factors) == (ada.id, "passkey", 2)
    assert db.session.query(Passkey).one().sign_count == 1


def test_several_passkeys_are_named_renamed_and_removed(browse: Browser, make: Make, outbox: Any) -> None:
    """I14: each is listed to its owner and ends at once."""
    ada, phone, stick = make.member(address="ada@example.org"), SoftKey(), SoftKey()
    her = browse.as_(ada)
    add_passkey(her, phone)
    page = add_passkey(her, stick, "The blue stick")
    assert "My phone" in page.words
    page = page.follow("Rename or remove").submit("Save", name="Old phone")
    assert "Old phone" in page.words
    assert "My phone" not in page.words
    page = page.follow("Rename or remove").submit("Remove this passkey")
    assert "opens nothing here" in page.words
    page = show_passkey(browse, phone)
    assert (page.status, page.heading) == (422, "Sign in")
    assert "That passkey did not work here" in page.words
    assert not signed_in(browse)
    assert page.submit("Sign in with a passkey", answer=stick.show(asked(page))).url == "/"
    assert show_passkey(browse.as_(None), stick).url == "/"
    assert [mail.purpose for mail in outbox.mails("ada@example.org")][:3] == ["way_in_changed"] * 3


def test_a_name_that_will_not_do_is_said_before_the_browser_is_asked(browse: Browser, make: Make) -> None:
    page = browse.as_(make.member(address="ada@example.org")).open("accounts.passkey_new")
    for name, said in (("  ", "Give it a name"), ("x" * 61, "Keep it under 60 characters")):
        refused = page.submit("Make the passkey", name=name, answer="")
        assert refused.status == 422
        assert said in refused.words
        assert "made no passkey" not in refused.words
    assert "made no passkey" in page.submit("Make the passkey", name="My phone", answer="").words


def test_somebody_else_s_passkey_is_not_there(browse: Browser, make: Make) -> None:
    """I14, R15: by its id in the address, for a member and for an admin, it does not exist."""
    ada, key = make.member(), SoftKey()
    add_passkey(browse.as_(ada), key)
    its = db.session.query(Passkey).one().public_id
    for other in (make.member(), make.member(roles=("admin",))):
        assert browse.as_(other).open("accounts.passkey_rename", public_id=its).status == 404


def test_the_last_way_in_stays(browse: Browser, make: Make) -> None:
    """I13: nobody locks themselves out; with codes alone there would be nothing lasting."""
    ada, key = make.member(address="ada@example.org"), SoftKey()
    her = browse.as_(ada)
    add_passkey(her, key)
    db.session.execute(db.text("UPDATE email_address SET state = 'retired', live_norm = NULL"))
    db.session.commit()
    page = her.open("accounts.keys").follow("Rename or remove").submit("Remove this passkey")
    assert "last way in" in page.words
    assert db.session.query(Passkey).count() == 1


@pytest.mark.parametrize("wrong", [
    SoftKey(origin="http://evil.example"), SoftKey(home="evil.example"), SoftKey(flags=PRESENT),
], ids=["another site's page", "another site's key", "nobody touched it with a finger, face or PIN"])  # fmt: skip
def test_what_is_not_for_us_is_not_taken(browse: Browser, make: Make, wrong: SoftKey) -> None:
    """R11, ASVS 6.3.3: another origin, another house, or a device that did not ask who touched it."""
    ada = make.member()
    assert add_passkey(browse.as_(ada), wrong).status == 422
    right = SoftKey(key_id=wrong.key_id, key=wrong.key)
    add_passkey(browse.as_(ada), right)
    assert show_passkey(browse, wrong).status == 422
    assert not signed_in(browse)


def test_an_answer_works_once(browse: Browser, make: Make) -> None:
    """R8: an answer that was seen on its way opens nothing a second time, nor in another browser."""
    ada, key = make.member(), SoftKey()
    add_passkey(browse.as_(ada), key)
    page = browse.open("accounts.sign_in")
    answer = key.show(asked(page))
    with browse.client.session_transaction() as kept:
        before = dict(kept)
    page.submit("Sign in with a passkey", answer=answer)
    assert signed_in(browse)
    thief = browse.as_(None)
    thief.open("accounts.sign_in")
    assert thief.open("accounts.sign_in").submit("Sign in with a passkey", answer=answer).status == 422
    with thief.client.session_transaction() as stolen:
        stolen.update(before)
    assert thief.open("accounts.sign_in").submit("Sign in with a passkey", answer=answer).status in (410, 422)
    assert not signed_in(thief)


def test_an_answer_is_for_its_purpose_and_its_time(browse: Browser, make: Make) -> None:
    """R8: what was asked at the door confirms nothing inside; after ten minutes it is worth nothing."""
    ada, key = make.member(), SoftKey()
    add_passkey(browse.as_(ada), key)
    page = browse.open("accounts.sign_in")
    answer = key.show(asked(page))
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert page.submit("Sign in with a passkey", answer=answer).status == 410
    her = browse.as_(ada)
    age(16)
    confirm = her.open("accounts.confirm")
    with her.client.session_transaction() as kept:
        assert passkeys.SEALED in kept
    assert confirm.submit("Confirm with a passkey", answer=answer).status == 422


def test_a_copied_key_is_noticed(browse: Browser, make: Make) -> None:
    """R14: a count of uses that runs backwards is refused."""
    ada, key = make.member(), SoftKey()
    add_passkey(browse.as_(ada), key)
    show_passkey(browse.as_(None), key)
    show_passkey(browse.as_(None), key)
    copy = SoftKey(key_id=key.key_id, key=key.key, count=0)
    assert show_passkey(browse, copy).status == 422
    assert not signed_in(browse)


def test_a_passkey_confirms_before_dangerous_acts(browse: Browser, make: Make) -> None:
    """R11: one's own only."""
    ada, hers, his = make.member(address="ada@example.org"), SoftKey(), SoftKey()
    add_passkey(browse.as_(ada), hers)
    add_passkey(browse.as_(make.member()), his)
    her = browse.as_(ada, factors=1)
    age(16)
    page = her.open("accounts.keys_password")
    assert page.submit("Confirm with a passkey", answer=his.show(asked(page))).status == 403
    page = her.open("accounts.keys_password")
    assert page.submit("Confirm with a passkey", answer=hers.show(asked(page))).heading == "Set a password"


def test_a_code_on_paper_confirms_too(browse: Browser, make: Make) -> None:
    """R11, R14: step-up by a code on paper; a stolen session alone does nothing."""
    from portal.accounts import totp

    ada = make.member(address="ada@example.org")
    db.session.add(RecoveryCode(person_id=ada.id, code_hash=totp.code_digest("abcd-efgh")))
    db.session.commit()
    her = browse.as_(ada, factors=1)
    age(16)
    page = her.open("accounts.keys_password")
    assert page.submit("Confirm", code="wrong-wrong").status == 422
    assert page.submit("Confirm", code="ABCD EFGH").heading == "Set a password"
    assert db.session.query(Session).one().factors == 1, "paper beside a mailed link is no second factor by itself"


@pytest.mark.parametrize("role", ["moderator", "staff", "seller", "manager", "executive", "admin"])
def test_a_passkey_counts_as_two_factors_for_roles(browse: Browser, make: Make, role: str) -> None:
    """Security §1, R10: whoever holds a role signs in with it alone; without, they are led to add one."""
    ada, key = make.member(roles=(role,), address="ada@example.org"), SoftKey()
    her = browse.as_(ada, factors=1)
    page = her.open("home.index").follow("Add a passkey")
    page = page.submit("Make the passkey", name="Phone", answer=key.make(asked(page, "make")))
    assert page.url == "/"
    assert show_passkey(browse, key).url == "/"
    assert browse.open("home.index").heading != "Your role asks for a second step"
    weak = browse.as_(ada, factors=1)
    page = weak.open("home.index")
    assert page.submit("Use a passkey", answer=key.show(asked(page))).url == "/"


def test_a_link_to_a_work_address_is_not_enough_beside_a_passkey(browse: Browser, make: Make, letter: Any) -> None:
    """I2: on an unknown browser the passkey is asked; it then signs in, and the link is used up."""
    ada, key = make.member(address="ada@harbour.example"), SoftKey()
    db.session.execute(db.text("UPDATE email_address SET kind = 'work'"))
    db.session.commit()
    add_passkey(browse.as_(ada), key)
    browse.open("accounts.sign_in").submit("Continue", address="ada@harbour.example")
    page = browse.get(letter("ada@harbour.example")).submit("Sign in")
    assert page.heading == "Use another way in"
    assert not signed_in(browse)
    assert "Ada" not in page.words
    page.submit("Sign in with a passkey", answer=key.show(asked(page)))
    assert signed_in(browse)


def test_a_passkey_signs_in_beside_an_authenticator(browse: Browser, make: Make) -> None:
    """Security §1: a passkey is two factors, so no code is asked beside it; a password still asks for one."""
    ada, key = make.member(address="ada@example.org"), SoftKey()
    set_authenticator(ada)
    set_password(ada, GOOD)
    add_passkey(browse.as_(ada), key)
    show_passkey(browse, key)
    assert signed_in(browse)
    page = browse.as_(None).open("accounts.sign_in").submit("Continue", address="ada@example.org", password=GOOD)
    assert page.heading == "One more step"


def test_of_two_equal_answers_one_counts(browse: Browser, make: Make) -> None:
    """R8: the question is spent with the answer, in the same transaction."""
    ada, key = make.member(), SoftKey()
    add_passkey(browse.as_(ada), key)
    show_passkey(browse, key)
    assert db.session.query(SpentChallenge).count() == 2


def test_old_questions_and_requests_that_nobody_proved_are_forgotten(make: Make) -> None:
    """Nothing grows for ever: a spent question goes after a day, a request for help that was never proved after two weeks."""
    db.session.add_all([
        SpentChallenge(digest="old", spent_at=clock.now() - timedelta(days=2)), SpentChallenge(digest="new"),
        *(RecoveryCase(full_name="Li", address="li@x.org", norm="li@x.org", state=state, created_at=clock.now() - timedelta(days=days))
          for state, days in (("asked", 15), ("asked", 1), ("proved", 15))),
    ])  # fmt: skip
    db.session.flush()
    actions.forget_old_traces(by=make.system)
    assert [row.digest for row in db.session.query(SpentChallenge)] == ["new"]
    assert sorted(row.state for row in db.session.query(RecoveryCase)) == ["asked", "proved"]


def test_passkeys_go_with_the_account_and_are_in_the_export(browse: Browser, make: Make) -> None:
    """P5, R16: exported without the key, erased whole; a merge ends the old account's."""
    ada, ben = make.member(), make.member()
    add_passkey(browse.as_(ada), SoftKey(), "The blue stick")
    data = AccountData()
    assert {"kind": "passkey", "name": "The blue stick"}.items() <= data.export(ada.id)["ways_in"][0].items()
    data.move(ada.id, ben.id)
    assert db.session.query(Passkey).count() == 0
    add_passkey(browse.as_(ben), SoftKey())
    data.erase(ben.id)
    assert db.session.query(Passkey).count() == 0


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=80), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "authenticatorData", "signature"]), inner),
    max_leaves=8,
)))  # fmt: skip
def test_whatever_a_browser_says_is_refused_politely(make: Make, said: Any) -> None:
    """Bad input gets a sentence, never a crash."""
    import json

    answer = said if isinstance(said, str) else json.dumps(said)
    for check in (
        lambda: passkeys.check_made(answer, b"x" * 32),
        lambda: passkeys.check_shown(answer, b"x" * 32, "AA", 0),
    ):
        with pytest.raises(Invalid):
            check()
