"""The first word between two members."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.core import clock, settings
from portal.core.access import system_viewer
from portal.core.db import db
from portal.messages.models import Hello
from portal.people import actions as people
from portal.people.models import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser, Page
    from tests.factories import Make
    from tests.postbox import Postbox

WORDS = "We once sat side by side in Billing."


def say(browse: Browser, one: Any, other: Any, words: str = WORDS) -> Page:
    page = browse.as_(one).open("messages.hello", public_id=other.public_id)
    return page.submit("Say hello", body=words)


def test_the_other_reads_the_words_accepts_and_both_are_connected(
    browse: Browser, make: Make, outbox: Postbox, work: Callable[[], int]
) -> None:
    """P2: contact is relayed until both agree."""
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor", address="ben@example.org")
    assert "Waiting" in say(browse, ada, ben).words
    page = browse.as_(ben).open("messages.hellos")
    assert "Ada Lovelace" in page.words
    assert WORDS in page.words
    assert "@example.org" not in page.text
    with time_machine.travel(clock.now() + timedelta(minutes=3)):
        work()
    mail = outbox.last("ben@example.org")
    assert mail.subject == "Ada Lovelace says hello"
    assert WORDS not in mail.text
    accepted = page.submit("Accept")
    assert "connected" in accepted.words
    assert "Ada Lovelace" in browse.as_(ben).open("messages.connections").words
    assert "Ben Okafor" in browse.as_(ada).open("messages.connections").words
    assert "Ben Okafor accepted your hello" in browse.as_(ada).open("notifications.index").words
    assert "Accepted" in browse.as_(ada).open("messages.hellos", show="sent").words


def test_not_now_is_all_that_is_said(browse: Browser, make: Make) -> None:
    """Declining costs nothing and says nothing more than "not now"."""
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    say(browse, ada, ben)
    browse.as_(ben).open("messages.hellos").submit("Not now")
    assert "Not now" in browse.as_(ada).open("messages.hellos", show="sent").words
    assert "Ben" not in browse.as_(ada).open("notifications.index").words
    assert not db.session.query(Connection).count()
    refused = say(browse, ada, ben)
    assert refused.status == 409
    assert "can’t answer now" in refused.words or "can't answer now" in refused.words
    with time_machine.travel(clock.now() + timedelta(days=91)):
        assert say(browse, ada, ben).status == 200


def test_who_declined_may_say_hello_themselves(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    say(browse, ada, ben)
    browse.as_(ben).open("messages.hellos").submit("Not now")
    assert "Waiting" in say(browse, ben, ada).words


def test_only_one_waits_between_two_people(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    page = browse.as_(ada).open("messages.hello", public_id=ben.public_id)
    page.submit("Say hello", body=WORDS)
    assert page.submit("Say hello", body="Once more, with feeling", once_key="another").status == 409
    here = browse.as_(ben).open("messages.hello", public_id=ada.public_id)
    assert here.url.startswith("/hellos")
    assert "Accept" in here.words
    assert browse.as_(ada).open("messages.hello", public_id=ben.public_id).url == "/hellos?show=sent"
    assert db.session.query(Hello).count() == 1


def test_connected_people_need_no_hello(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    page = browse.as_(ada).open("messages.hello", public_id=ben.public_id)
    people.connect(ben, by=make.viewer(ada))
    db.session.commit()
    assert page.submit("Say hello", body=WORDS).status == 409
    assert browse.as_(ada).open("messages.hello", public_id=ben.public_id).url == f"/people/{ben.public_id}"


def test_pages_say_what_has_begun_instead_of_offering_it_again(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")

    def seen_by(one: Any, other: Any) -> tuple[str, str]:
        page = browse.as_(one).open("profiles.person", public_id=other.public_id)
        return page.words, browse.as_(one).open("directory.people", q=other.full_name).words

    for words in seen_by(ada, ben):
        assert "Say hello" in words
    say(browse, ada, ben)
    profile, row = seen_by(ada, ben)
    assert f"Hello sent {clock.today().day} " in profile
    assert "Hello sent" in row
    assert "Say hello" not in profile + row
    profile, row = seen_by(ben, ada)
    assert "Answer the hello of" in profile
    assert "Said hello to you" in row
    browse.as_(ben).open("messages.hellos").submit("Accept")
    for one, other in ((ada, ben), (ben, ada)):
        profile, row = seen_by(one, other)
        assert f"Connected since {clock.today().day} " in profile
        assert "Connected" in row
        assert "Say hello" not in profile + row
        assert "Connected" in browse.as_(one).open("directory.people").words
    people.disconnect(ben, by=make.viewer(ada))
    db.session.commit()
    assert all("Say hello" in words for words in seen_by(ada, ben))


def test_a_form_sent_twice_makes_one(browse: Browser, make: Make) -> None:
    """T1."""
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    page = browse.as_(ada).open("messages.hello", public_id=ben.public_id)
    first, second = page.submit("Say hello", body=WORDS), page.submit("Say hello", body=WORDS)
    assert first.url == second.url == "/hellos?show=sent"
    assert db.session.query(Hello).count() == 1


@pytest.mark.parametrize(
    ("words", "status"), [("Hey", 422), ("x" * 1001, 422), ("Hello", 200), ("y" * 1000, 200), ("     ", 422)]
)
def test_the_length_of_the_words(browse: Browser, make: Make, words: str, status: int) -> None:
    page = say(browse, make.member("Ada Lovelace"), make.member("Ben Okafor"), words)
    assert page.status == status
    if status == 422 and words.strip():
        assert words in page.text, "nothing typed is lost"


def test_words_are_shown_as_they_are(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    say(browse, ada, ben, "<script>alert(1)</script> & *stars*\n\nSecond part")
    page = browse.as_(ben).open("messages.hellos")
    assert "<script>alert(1)</script> & *stars*" in page.words
    assert "Second part" in page.words


def test_hidden_blocked_and_own_people_do_not_exist(browse: Browser, make: Make) -> None:
    """Blocks and stepping back hold for hellos; the answer is the same as for nobody."""
    ada, ben, cleo, dora = (make.member(name) for name in ("Ada A", "Ben B", "Cleo C", "Dora D"))
    unclaimed = make.person()
    people.block(ben, by=make.viewer(ada))
    people.block(ada, by=make.viewer(cleo))
    people.step_back(dora, by=make.viewer(dora))
    db.session.commit()
    browser = browse.as_(ada)
    nothing = browser.get("/people/zzzzzzzzzz/hello").words
    for person in (ada, ben, cleo, dora, unclaimed):
        for endpoint in ("messages.hello", "messages.block"):
            page = browser.open(endpoint, public_id=person.public_id)
            assert (page.status, page.words) == (404, nothing) if endpoint == "messages.hello" else page.status == 404


def test_a_hello_is_read_by_its_two_people_alone(browse: Browser, make: Make) -> None:
    """P6: others get the same 404 as for nothing there."""
    ada, ben, eve = make.member("Ada A"), make.member("Ben B"), make.member("Eve E", roles=("admin", "moderator"))
    say(browse, ada, ben)
    hello = db.session.query(Hello).one()
    eves = browse.as_(eve)
    data = {"csrf_token": _token(eves.open("messages.hellos"))}
    for deed in ("accept", "decline", "withdraw"):
        assert eves.post(f"/hellos/{hello.public_id}/{deed}", data).status == 404
    adas, bens = browse.as_(ada), browse.as_(ben)
    assert (
        adas.post(f"/hellos/{hello.public_id}/accept", {"csrf_token": _token(adas.open("messages.hellos"))}).status
        == 403
    )
    assert (
        bens.post(f"/hellos/{hello.public_id}/withdraw", {"csrf_token": _token(bens.open("messages.hellos"))}).status
        == 403
    )
    db.session.rollback()
    assert db.session.query(Hello).one().state == "open"


def _token(page: Page) -> str:
    return page.text.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_what_is_taken_back_was_never_said(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    say(browse, ada, ben)
    page = browse.as_(ben).open("messages.hellos")
    browse.as_(ada).open("messages.hellos", show="sent").submit("Take it back")
    assert page.submit("Accept").status == 404
    assert "Ada Lovelace" not in browse.as_(ben).open("messages.hellos").words
    assert "Ada Lovelace" not in browse.as_(ben).open("notifications.index").words
    assert "Waiting" in say(browse, ada, ben).words


def test_so_many_a_day(browse: Browser, make: Make) -> None:
    settings.set_value("hellos_per_day", 2, by=system_viewer())
    settings.set_value("hellos_per_day_new", 1, by=system_viewer())
    db.session.commit()
    old, new = make.member("Old Hand"), make.member("New Hand", days_ago=1)
    for person, most in ((old, 2), (new, 1)):
        answers = [say(browse, person, make.member()).status for _ in range(most + 1)]
        assert answers == [200] * most + [422]


def test_suspended_members_say_no_hello(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    ada.suspended_until = clock.now() + timedelta(days=1)
    people.touch_access(ada.id)
    db.session.commit()
    assert say(browse, ada, ben).status == 403


def test_waiting_hellos_are_asked_of_the_viewer(browse: Browser, make: Make) -> None:
    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    say(browse, ada, ben)
    home = browse.as_(ben).open("home.index")
    home.follow("1 person says hello to you").submit("Accept")
    assert "hello to you" not in browse.as_(ben).open("home.index").words
    assert "unread" not in browse.as_(ben).open("notifications.index").words, "answering reads what was told about it"


def test_lists_page_and_cost_the_same(browse: Browser, make: Make) -> None:
    ben = make.member("Ben Okafor")
    browser = browse.as_(ben)

    def costs() -> list[int]:
        pages = [("messages.hellos", {}), ("messages.hellos", {"show": "sent"}), ("messages.connections", {})]
        return [len(browser.open(endpoint, **values).statements) for endpoint, values in pages]

    def add(count: int) -> None:
        for number in range(count):
            one, two, three = (make.member(f"{word} {number:02}", relation="") for word in ("From", "To", "With"))
            db.session.add(_hello(one.id, ben.id))
            db.session.add(_hello(ben.id, two.id))
            people.connect(three, by=make.viewer(ben))
            db.session.commit()

    add(1)
    costs()
    few = costs()
    add(26)
    assert costs() == few
    first = browser.open("messages.connections")
    assert "With 00" in first.words
    assert "With 25" in first.follow("More people").words
    received = browser.open("messages.hellos")
    assert "From 00" in received.follow("Older").words


def _hello(sender: int, recipient: int) -> Hello:
    low, high = sorted((sender, recipient))
    return Hello(sender_id=sender, recipient_id=recipient, low_id=low, high_id=high, body=WORDS)


def test_a_reported_hello_can_be_taken_out(browse: Browser, make: Make) -> None:
    """P6: only the recipient can report it, and then a moderator sees it."""
    from portal.core.errors import Missing
    from portal.core.parts import reportable

    ada, ben = make.member("Ada Lovelace"), make.member("Ben Okafor")
    moderator = make.member("Mo D", roles=("moderator",))
    say(browse, ada, ben)
    public_id = db.session.query(Hello.public_id).scalar()
    kind = reportable("hello")
    assert kind is not None
    assert WORDS in kind.find(make.viewer(ben), public_id).html
    for outsider in (ada, moderator):
        with pytest.raises(Missing):
            kind.find(make.viewer(outsider), public_id)
    kind.set_hidden(public_id, True, "insult", by=make.viewer(moderator))
    db.session.commit()
    assert kind.load(public_id).is_hidden
    page = browse.as_(ben).open("messages.hellos")
    assert WORDS not in page.words
    assert "took these words out" in page.words


def test_person_data_exports_moves_and_erases(browse: Browser, make: Make) -> None:
    from portal.messages.person_data import HelloData

    ada, ben, cleo = make.member("Ada A"), make.member("Ben B"), make.member("Cleo C")
    ids = [person.id for person in (ada, ben, cleo)]
    say(browse, ada, ben)
    say(browse, cleo, ben)
    say(browse, ada, cleo)
    data = HelloData()
    assert data.count(ids[0]) == 2
    assert {each["direction"] for each in data.export(ids[1])["hellos"]} == {"received"}
    data.move(ids[0], ids[2])
    db.session.commit()
    assert data.count(ids[0]) == 0
    assert data.count(ids[2]) == 1, "one of two that waited, and none to oneself"
    data.erase(ids[2])
    db.session.commit()
    assert data.count(ids[1]) == 0
