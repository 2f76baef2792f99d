"""A member's wish not to meet another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.db import db
from portal.messages.models import Hello
from portal.people import actions as people
from tests.messages.test_saying_hello import say

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make


def test_blocking_asks_first_and_can_be_undone(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    browser = browse.as_(ada)
    question = browser.open("messages.block", public_id=ben.public_id)
    assert question.heading == "Block Ben Okafor?"
    assert "Ben Okafor" in browser.open("directory.people", show="everybody").words
    listed = question.submit("Block")
    assert listed.url == "/settings/blocks"
    assert "Ben Okafor" in listed.words
    assert "Ben Okafor" not in browser.open("directory.people", show="everybody").words
    assert "Ada Lovelace" not in browse.as_(ben).open("directory.people", show="everybody").words
    listed.submit("Unblock")
    assert "Nobody is blocked" in browser.open("messages.blocks").words
    assert "Ben Okafor" in browser.open("directory.people", show="everybody").words


def test_what_is_between_two_people_ends_with_a_block(browse: Browser, make: Make) -> None:
    ada, ben, cleo = make.member("Ada A"), make.member("Ben B"), make.member("Cleo C")
    say(browse, ben, ada)
    people.connect(db.session.merge(cleo), by=make.viewer(ada))
    db.session.commit()
    browser = browse.as_(ada)
    for person in (ben, cleo):
        browser.open("messages.block", public_id=person.public_id).submit("Block")
    assert "Ben B" not in browser.open("messages.hellos").words
    assert "Ben B" not in browser.open("notifications.index").words
    assert "Cleo C" not in browser.open("messages.connections").words
    assert "Ada A" not in browse.as_(ben).open("messages.hellos", show="sent").words
    db.session.rollback()
    assert db.session.query(Hello).one().state == "withdrawn"
    browser.open("messages.blocks").submit(f"/people/{cleo.public_id}/unblock")
    assert "Cleo C" not in browser.open("messages.connections").words


def test_the_blocked_person_sees_no_block(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    browse.as_(ada).open("messages.block", public_id=ben.public_id).submit("Block")
    bens = browse.as_(ben)
    assert "Nobody is blocked" in bens.open("messages.blocks").words
    token = bens.open("messages.blocks").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert bens.post(f"/people/{ada.public_id}/unblock", {"csrf_token": token}).status == 404


def test_a_connection_can_be_ended_by_either(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    people.connect(ben, by=make.viewer(ada))
    db.session.commit()
    browse.as_(ben).open("messages.connections").submit("Disconnect")
    assert "No connections yet" in browse.as_(ada).open("messages.connections").words
    assert "Ada" not in browse.as_(ada).open("notifications.index").words.replace("Ada Lovelace", "", 2)
