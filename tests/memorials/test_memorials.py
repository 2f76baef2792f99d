"""Somebody died: two say so, the portal is silent for ever, the family is heard, and a mistake is undone (I15, R19)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.core import clock, jobs
from portal.core.db import db, unit_of_work
from portal.core.errors import Invalid, NotAllowed
from portal.core.jobs.kinds import kinds, recurring
from portal.memorials import actions
from portal.memorials.models import FamilyRequest, Memorial
from portal.messages.actions import say_hello
from portal.people.models import Person as Row
from tests.accounts.keys import set_password, signed_in

if TYPE_CHECKING:
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make

ADDRESS = "ada@example.org"
PROOF = "Her brother wrote to us, with the notice of the paper."


@pytest.fixture
def ada(make: Make) -> Person:
    return make.member("Ada Fern", address=ADDRESS, days_ago=500)


@pytest.fixture
def two(make: Make) -> tuple[Person, Person]:
    return make.member("Adam One", roles=("admin",)), make.member("Stella Two", roles=("staff",))


def propose(browse: Browser, by: Person, about: Person, **fields: Any) -> Any:
    return (
        browse.as_(by)
        .open("memorials.propose", public_id=about.public_id)
        .submit("Note it", **({"proof": PROOF} | fields))
    )


def remember(browse: Browser, two: tuple[Person, Person], about: Person, **fields: Any) -> None:
    propose(browse, two[1], about, **fields)
    browse.as_(two[0]).open("memorials.index").submit("confirm")
    db.session.expire_all()


def test_two_say_so_and_nobody_alone(browse: Browser, make: Make, ada: Person, two: tuple[Person, Person]) -> None:
    """R19: with proof; who said it can't confirm it; members and sellers have no such page."""
    assert propose(browse, two[1], ada, proof="Yes").status == 422
    propose(browse, two[1], ada)
    assert "Somebody else confirms" in browse.as_(two[1]).open("memorials.index").words
    row = db.session.query(Memorial).one()
    with pytest.raises(NotAllowed):
        actions.confirm(row, by=make.viewer(two[1]))
    assert db.session.get(Row, ada.id).remembered_at is None
    assert "waits for you" in browse.as_(two[0]).open("home.index").words
    browse.as_(two[0]).open("memorials.index").submit("confirm")
    db.session.expire_all()
    assert db.session.get(Row, ada.id).remembered_at is not None
    for person in (make.member(), make.member(roles=("seller",))):
        assert browse.as_(person).open("memorials.index").status == 404


def test_the_account_is_locked_and_the_page_says_so(
    browse: Browser, make: Make, ada: Person, two: tuple[Person, Person]
) -> None:
    """I15: signed out, no way in, no hello; the words on the page are quiet."""
    set_password(ada, "seven lanterns by the canal")
    her, ben = browse.as_(ada), make.member("Ben Okafor")
    remember(browse, two, ada)
    assert not signed_in(her)
    door = browse.as_(None)
    door.open("accounts.sign_in").submit("Continue", address=ADDRESS, password="seven lanterns by the canal")
    assert not signed_in(door)
    page = browse.as_(ben).get(f"/people/{ada.public_id}")
    assert "In memory of Ada Fern" in page.words
    assert "Say hello" not in page.words
    with pytest.raises(Invalid, match="has died"):
        say_hello(db.session.get(Row, ada.id), "Hello, Ada!", by=make.viewer(ben))


def test_silent_for_four_hundred_days(
    browse: Browser, make: Make, ada: Person, two: tuple[Person, Person], outbox: Any
) -> None:
    """R19: every recurring job, every so often, with things going on around: no mail is sent or waits."""
    topic, ben = make.topic(author=ada, title="Ferries"), make.member("Ben Okafor")
    remember(browse, two, ada)
    browse.as_(None).open("accounts.sign_in").submit("Continue", address=ADDRESS)
    browse.as_(None).open("accounts.forgot").submit("Mail", address=ADDRESS)
    before = clock.now()
    for days in range(0, 401, 40):
        with time_machine.travel(before + timedelta(days=days, hours=9), tick=False):
            make.reply(topic, ben, f"Day {days}, @[Ada]({ada.public_id}).")
            with unit_of_work():
                for name in recurring:
                    jobs.enqueue(kinds[name].work)
            db.session.remove()
            jobs.run_due()
    sent = [mail for mail in outbox.mails(ADDRESS) if mail.state not in ("cancelled",)]
    assert not sent, [(mail.kind, mail.subject, mail.state) for mail in sent]


def test_the_family_is_heard_without_an_account(browse: Browser, ada: Person, two: tuple[Person, Person]) -> None:
    """I12: the same thanks whoever it is about; what was written is not kept once it is answered."""
    remember(browse, two, ada)
    said = {
        browse.open("memorials.family")
        .submit("Send", about=name, sender="Tom Fern", address="tom@example.org", words="Please take it away.")
        .words
        for name in ("Ada Fern", "Nobody Here")
    }
    assert len(said) == 1
    wrong = browse.open("memorials.family").submit(
        "Send", about="Ada Fern", sender="Tom Fern", address="tom@", words="Please."
    )
    assert wrong.status == 422
    assert "Please." in wrong.text
    page = browse.as_(two[0]).open("memorials.index")
    assert "Please take it away." in page.words
    page.submit("Hide the page")
    assert browse.as_(two[1]).get(f"/people/{ada.public_id}").status == 404
    page.submit("Answered")
    assert db.session.query(FamilyRequest).filter(FamilyRequest.done_at.is_not(None)).one().words == ""


def test_a_mistake_is_undone(browse: Browser, make: Make, ada: Person, two: tuple[Person, Person], letter: Any) -> None:
    """R19: the account is as it was, and its person signs in again."""
    remember(browse, two, ada)
    browse.as_(two[1]).open("memorials.index").submit("end")
    door = browse.as_(None)
    door.open("accounts.sign_in").submit("Continue", address=ADDRESS)
    door.get(letter(ADDRESS)).submit("Sign in")
    assert signed_in(door)
    assert "In memory" not in browse.as_(make.member()).get(f"/people/{ada.public_id}").words
