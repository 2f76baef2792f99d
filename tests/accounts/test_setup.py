"""The first admin from the command line, and what accounts give to other features."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyotp
import pytest

from portal.accounts import queries
from portal.accounts.cli import create_admin
from portal.accounts.fresh import require_fresh
from portal.accounts.models import Applicant, EmailAddress, Session
from portal.accounts.parts import applicants, own_address
from portal.accounts.person_data import OWNED, AccountData
from portal.consents.queries import in_force
from portal.core.access import viewer_of
from portal.core.db import add, db
from portal.core.doctor import examine
from portal.organisations.queries import host
from tests.accounts.keys import set_authenticator, set_password, signed_in

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make

HTML = "{http://www.w3.org/1999/xhtml}"


def run(app: Portal, *words: str) -> Any:
    """The command and what it printed."""
    db.session.remove()
    return app.test_cli_runner().invoke(create_admin, list(words))


def test_the_first_admin(app: Portal, browse: Browser, make: Make) -> None:
    """One command: person, relation, role, wordings, and a link that leads to the second step."""
    result = run(app, "Ada Lovelace", "ada@kestrel.example")
    assert result.exit_code == 0, result.output
    link = re.search(r"https?://[^/\s]+(/\S+)", result.output)
    assert link
    row = queries.holder("ada@kestrel.example")
    assert row is not None
    assert "admin" in viewer_of(row.person_id).roles
    page = browse.get(link.group(1)).submit("Sign in")
    assert page.heading == "Add an address of your own"
    page = page.follow("Not now")
    assert page.heading == "Your role asks for a second step"
    page = page.follow("Set up an authenticator")
    secret = (page.tree.find(f".//{HTML}code").text or "").replace(" ", "").upper()  # type: ignore[union-attr]
    page.submit("Turn it on", code=pyotp.TOTP(secret).now())
    assert browse.open("home.index").heading == "The rules of the house"
    assert {kind for kind in in_force() if not kind.startswith("act:")} == {"terms", "privacy", "imprint"}


def test_a_member_becomes_admin_too(app: Portal, make: Make) -> None:
    """Whoever has the address already is that person; nothing is doubled."""
    ada = make.member(relation="employee:current", address="ada@gmail.com")
    assert run(app, "Somebody Else", "ADA@gmail.com").exit_code == 0
    assert "admin" in make.viewer(ada).roles
    assert db.session.query(EmailAddress).count() == 1


def test_an_address_that_is_none_is_refused_in_one_line(app: Portal) -> None:
    result = run(app, "Ada Lovelace", "ada")
    assert result.exit_code == 1
    assert result.output == "Error: Write one address, like ada@example.org.\n"


def test_doctor_asks_for_two_admins(app: Portal, make: Make) -> None:
    """I16: I9 needs two."""
    make.member(roles=("admin",))
    assert "admin" in next(found.todo for found in examine() if found.name == "Admins")
    make.member(roles=("admin",))
    assert next(found.todo for found in examine() if found.name == "Admins") == ""


def test_who_has_no_own_address_is_asked_on_the_home_page(app: Portal, make: Make) -> None:
    """I4."""
    ada, ben = make.member(), make.member()
    db.session.query(EmailAddress).filter_by(person_id=ben.id).update({"kind": "work"})
    db.session.commit()
    with app.test_request_context():
        assert own_address(make.viewer(ada)) == []
        assert own_address(make.viewer(ben))[0].url == "/settings/addresses"


def test_applicants_are_asked_of_admins_only(app: Portal, make: Make) -> None:
    add(Applicant(address="it@gmail.com", norm="it@gmail.com", state="waiting"))
    db.session.commit()
    with app.test_request_context():
        assert applicants(make.viewer(make.member(roles=("staff",)))) == []
        cards = applicants(make.viewer(make.member(roles=("admin",))))
        assert [card.count for card in cards] in ([], [1])  # nothing while the back office has no such page


def test_everything_about_a_person_is_exported_and_erased(make: Make) -> None:
    """P5: addresses, ways in (without their secrets), devices; then nothing is left."""
    ada = make.member(address="ada@example.org")
    set_password(ada, "seven lanterns by the canal")
    secret = set_authenticator(ada)
    exported = str(AccountData().export(ada.id))
    assert "ada@example.org" in exported
    assert "argon2" not in exported
    assert secret not in exported
    AccountData().erase(ada.id)
    db.session.commit()
    for table in OWNED:
        assert db.session.query(table).filter_by(person_id=ada.id).count() == 0


def test_a_merge_brings_the_addresses_and_ends_the_old_ways_in(browse: Browser, make: Make) -> None:
    """R16: whoever was signed in to the old account is signed out; no address is lost or doubled."""
    old, new = make.member(address="old@example.org"), make.member(address="new@example.org")
    make.address(old, "both@example.org", state="unverified", primary=False)
    make.address(new, "both@example.org", state="unverified", primary=False)
    set_password(old, "seven lanterns by the canal")
    his = browse.as_(old)
    AccountData().move(old.id, new.id)
    db.session.commit()
    assert not signed_in(his)
    assert queries.holder("old@example.org").person_id == new.id  # type: ignore[union-attr]
    assert queries.primary_address(new.id) == "new@example.org"
    assert queries.credential(new.id, "password") is None
    assert db.session.query(Session).filter_by(person_id=old.id).count() == 0


@pytest.mark.parametrize(("minutes_ago", "passes"), [(59, True), (61, False)])
def test_a_whole_blueprint_can_ask_again(app: Portal, make: Make, minutes_ago: int, passes: bool) -> None:
    """limits.md: admin and programme pages ask again after 60 minutes."""
    from flask import session

    from tests.factories import open_session

    token = open_session(make.member(), minutes_ago=minutes_ago)
    with app.test_request_context("/admin/people?x=1"):
        session["_user_id"] = token
        answer = require_fresh(60)()
        assert (answer is None) is passes
        if answer is not None:
            assert answer.location == "/confirm-it-is-you?next=/admin/people?x%3D1"  # type: ignore[union-attr]
    assert host()
