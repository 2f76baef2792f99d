"""The mail that follows a notification, and how to end it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.core import clock
from portal.people import actions as people

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox

Tell = Any
Later = Any


@pytest.fixture
def later(work: Callable[[], int]) -> Callable[..., None]:
    """Let minutes pass, with a worker at work."""

    def pass_(minutes: int = 11) -> None:
        with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
            work()

    return pass_


def test_ten_minutes_later_it_comes_by_mail(make: Make, tell: Tell, outbox: Postbox, later: Any) -> None:
    ada = make.member(address="ada@example.org")
    tell(ada, "Ben answered you")
    later(9)
    assert outbox.recipients() == []
    later(11)
    mail = outbox.last("ada@example.org")
    assert mail.subject == "Ben answered you"
    assert "You get this because" in mail.text
    assert "List-Unsubscribe" in mail.headers
    later(30)
    assert outbox.recipients() == ["ada@example.org"]


def test_what_was_read_on_the_site_is_not_mailed(
    browse: Browser, make: Make, tell: Tell, outbox: Postbox, later: Any
) -> None:
    ada = make.member()
    told = tell(ada)
    browse.as_(ada).open("notifications.open_", public_id=told.public_id)
    later()
    assert outbox.recipients() == []


def test_quiet_kinds_are_not_mailed_unless_chosen(
    browse: Browser, make: Make, tell: Tell, outbox: Postbox, later: Any
) -> None:
    ada, ben = make.member(), make.member(address="ben@example.org")
    page = browse.as_(ben).open("notifications.preferences")
    page.submit("Save", **{"mail_test.quiet": "now", "mail_test.loud": "off"})
    for person in (ada, ben):
        tell(person, "A quiet thing", kind="test.quiet")
    tell(ben, "A loud thing")
    later()
    assert [(mail.to_address, mail.subject) for mail in outbox.mails()] == [("ben@example.org", "A quiet thing")]


def test_no_mail_to_who_stepped_back_or_blocked_meanwhile(make: Make, tell: Tell, outbox: Postbox, later: Any) -> None:
    from portal.core.db import db

    ada, ben, cleo = make.member(), make.member(), make.member()
    tell(ada)
    tell(ben, actor_id=cleo.id)
    people.step_back(ada, by=make.viewer(ada))
    people.block(cleo, by=make.viewer(ben))
    db.session.commit()
    later()
    assert outbox.recipients() == []


def test_what_one_may_not_see_any_more_is_not_mailed(
    make: Make, tell: Tell, outbox: Postbox, later: Any, closed: set[str]
) -> None:
    """M1: mail obeys the same predicate as the page."""
    tell(make.member(), "A secret", kind="test.secret", group_key="topic:9")
    closed.add("topic:9")
    later()
    assert outbox.recipients() == []


def test_no_more_than_twenty_mails_a_day(make: Make, tell: Tell, outbox: Postbox, later: Any) -> None:
    ada = make.member()
    for number in range(25):
        tell(ada, f"Thing {number}")
    later()
    assert len(outbox.recipients()) == 20


def test_grouped_ones_make_one_mail(make: Make, tell: Tell, outbox: Postbox, later: Any) -> None:
    ada = make.member()
    for number in range(4):
        tell(ada, f"Reply {number}", group_key="topic:1", many="{n} replies in “Trains”")
    later()
    assert [mail.subject for mail in outbox.mails()] == ["4 replies in “Trains”"]


def test_the_link_in_the_mail_turns_the_kind_off_without_signing_in(
    browse: Browser, make: Make, tell: Tell, outbox: Postbox, later: Any
) -> None:
    ada = make.member()
    tell(ada)
    later()
    link = re.search(r"https?://[^/\s]+(/notifications/off/\S+)", outbox.last().text)
    assert link is not None
    visitor = browse.as_(None)
    page = visitor.get(link.group(1))
    assert "Loud things" in page.words
    tell(ada, "Opening the page changed nothing")
    later()
    assert len(outbox.recipients()) == 2
    page.submit("Turn it off")
    tell(ada, "Not mailed")
    later()
    assert len(outbox.recipients()) == 2


def test_a_mail_program_unsubscribes_with_one_click(
    browse: Browser, make: Make, tell: Tell, outbox: Postbox, later: Any
) -> None:
    """RFC 8058: a bare POST to the address in the header, without our form's token."""
    ada = make.member()
    tell(ada)
    later()
    address = outbox.last().headers["List-Unsubscribe"].strip("<>")
    path = "/" + address.split("/", 3)[3]
    assert browse.as_(None).post(path, {"List-Unsubscribe": "One-Click"}).status == 200
    tell(ada)
    later()
    assert len(outbox.recipients()) == 1


@pytest.mark.parametrize("token", ["nonsense", "WzEsInRlc3QubG91ZCJd.x"])
def test_a_forged_link_is_nothing(browse: Browser, token: str) -> None:
    assert browse.as_(None).get(f"/notifications/off/{token}").status == 404
