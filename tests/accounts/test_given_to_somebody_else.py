"""An address that was given to somebody else: nothing of the former holder, both told, a person decides (I7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts import actions
from portal.accounts.models import AddressDispute, EmailAddress
from portal.core import clock
from portal.core.db import db, unit_of_work
from tests.accounts.test_keys import age

if TYPE_CHECKING:
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox

SHARED = "info@tide.example"


@pytest.fixture
def two(make: Make) -> tuple[Person, Person]:
    """Olga, who holds the address, and Nina, who has it now; each has an own one too."""
    olga, nina = (
        make.member("Olga Oldham", address="olga@example.org"),
        make.member("Nina Newman", address="nina@example.org"),
    )
    make.address(olga, SHARED, primary=False)
    return olga, nina


def prove(browser: Browser, letter: Any) -> Any:
    """Nina adds it and opens the link that comes there."""
    page = browser.open("accounts.addresses").submit("Add this address", address=SHARED)
    if "Tell us whose" in page.words:
        browser.open("accounts.addresses").submit("Add this address", address=SHARED)
        page.submit("Add this address", kind="personal")
    return browser.get(letter(SHARED)).submit("Confirm")


def holder_of() -> str:
    db.session.rollback()
    row = db.session.query(EmailAddress).filter_by(live_norm=SHARED).one()
    return {"olga@example.org": "Olga", "nina@example.org": "Nina"}[
        db.session.query(EmailAddress.address)
        .filter(EmailAddress.person_id == row.person_id, EmailAddress.norm != SHARED)
        .scalar()
    ]


def test_both_are_told_and_nothing_is_given_away(
    browse: Browser, two: tuple[Person, Person], letter: Any, outbox: Postbox
) -> None:
    """I7: by their other addresses, never by the one in question, and neither learns who the other is."""
    page = prove(browse.as_(two[1]), letter)
    assert "can’t be confirmed at once" in page.words
    assert "Olga" not in page.text
    told = [mail for mail in outbox.mails() if mail.purpose == "address_disputed"]
    assert sorted(mail.to_address for mail in told) == ["nina@example.org", "olga@example.org"]
    for mail in told:
        assert not {"Olga", "Oldham", "Nina", "Newman"} & set((mail.text + mail.subject).replace(",", " ").split())
    assert holder_of() == "Olga"
    assert db.session.query(AddressDispute).one().state == "open"
    again = prove(browse.as_(two[1]), letter)
    assert "can’t be confirmed at once" in again.words
    assert db.session.query(AddressDispute).count() == 1, "one question, however often it is proved"


def test_the_holder_lets_it_go(browse: Browser, two: tuple[Person, Person], letter: Any, outbox: Postbox) -> None:
    """I7: the old account loses only that address; the new holder gets it in their own account."""
    prove(browse.as_(two[1]), letter)
    her = browse.as_(two[0])
    page = her.open("accounts.addresses")
    assert "Is this address still yours?" in page.words
    page = page.submit("I don’t read it any more")
    assert "olga@example.org" in page.words
    assert holder_of() == "Nina"
    assert her.open("home.index").status == 200
    assert {mail.to_address for mail in outbox.mails() if mail.purpose == "dispute_decided"} == {
        "olga@example.org",
        "nina@example.org",
    }


@pytest.mark.parametrize(("choice", "holds"), [("give", "Nina"), ("keep", "Olga")])
def test_an_admin_decides_with_a_reason(
    browse: Browser, make: Make, two: tuple[Person, Person], letter: Any, choice: str, holds: str
) -> None:
    """I7: a person decides."""
    prove(browse.as_(two[1]), letter)
    admin = browse.as_(make.member(roles=("admin",)))
    page = admin.open("admin.disputes.index").follow(SHARED)
    assert page.submit("Decide", give=choice, reason="").status == 422
    page = page.submit("Decide", give=choice, reason="The firm says so.")
    assert "No address is in question" in page.words
    assert holder_of() == holds


def test_it_stands_where_those_concerned_look(
    browse: Browser, make: Make, two: tuple[Person, Person], letter: Any
) -> None:
    """I7: on the holder's home, in the day's work of admins, and with who would be shut out by losing it."""
    prove(browse.as_(two[1]), letter)
    asked = "Is this address still yours?"
    assert asked in browse.as_(two[0]).open("home.index").words
    assert asked not in browse.as_(two[1]).open("home.index").words
    admin = browse.as_(make.member(roles=("admin",)))
    page = admin.open("admin.day.index")
    assert "An address is in question" in page.words
    page = page.follow("An address is in question").follow(SHARED)
    assert "has no other way in" not in page.words
    db.session.query(EmailAddress).filter_by(norm="olga@example.org").update({"state": "removed", "live_norm": None})
    db.session.commit()
    page = admin.get(page.url)
    assert "Olga Oldham: has no other way in" in page.words
    assert "Nina Newman: has" not in page.words
    page.submit("Decide", give="keep", reason="The firm says so.")
    assert "An address is in question" not in admin.open("admin.day.index").words
    assert asked not in browse.as_(two[0]).open("home.index").words


def test_whoever_proved_it_sees_that_somebody_looks_at_it(
    browse: Browser, make: Make, two: tuple[Person, Person], letter: Any
) -> None:
    """I7: not that a link waits for them; and when it is decided against them the row is gone."""
    hers = browse.as_(two[1])
    prove(hers, letter)
    page = hers.open("accounts.addresses")
    assert "Somebody looks at it, and you hear of it by your other addresses" in page.words
    assert "Waits for you to open the link" not in page.words
    assert "Mail the link again" not in page.words
    with time_machine.travel(clock.now() + timedelta(days=20)), unit_of_work():
        actions.forget_old_traces(by=make.system)
    assert SHARED in hers.open("accounts.addresses").words, "it is still looked at"
    admin = browse.as_(make.member(roles=("admin",)))
    admin.open("admin.disputes.index").follow(SHARED).submit("Decide", give="keep", reason="The firm says so.")
    assert SHARED not in hers.open("accounts.addresses").words
    assert SHARED in browse.as_(two[0]).open("accounts.addresses").words


def test_whoever_proved_it_takes_it_back(browse: Browser, two: tuple[Person, Person], letter: Any) -> None:
    """I7: then there is nothing left to decide."""
    hers = browse.as_(two[1])
    prove(hers, letter)
    row = db.session.query(EmailAddress).filter_by(person_id=two[1].id, norm=SHARED).one()
    hers.open("accounts.addresses_remove", public_id=row.public_id).submit("Remove")
    db.session.rollback()
    assert db.session.query(AddressDispute).one().state == "over"
    assert holder_of() == "Olga"


def test_nobody_else_decides(browse: Browser, make: Make, letter: Any) -> None:
    """I7, M5: not an admin whose own address it is, not a member, not with a session that was left open."""
    olga = make.member("Olga Oldham", roles=("admin",), address="olga@example.org")
    nina = make.member("Nina Newman", address="nina@example.org")
    make.address(olga, SHARED, primary=False)
    prove(browse.as_(nina), letter)
    question = db.session.query(AddressDispute).one().public_id
    page = browse.as_(olga).open("admin.disputes.dispute", public_id=question)
    assert page.submit("Decide", give="keep", reason="Mine.").status == 403
    assert browse.as_(nina).open("admin.disputes.dispute", public_id=question).status == 404
    other = browse.as_(make.member())
    inside = other.open("accounts.addresses")
    hidden = inside._values(inside._form("Add this address", set()))
    assert other.post(f"/settings/addresses/let-go/{question}", hidden).status == 404
    age(16)
    her = browse.as_(olga, minutes_ago=16)
    page = her.open("accounts.addresses")
    assert page.submit("I don’t read it any more").status == 401
    assert holder_of() == "Olga"
