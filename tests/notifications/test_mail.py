"""The mail that follows a notification, and how to end it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from itsdangerous import URLSafeSerializer
from sqlalchemy import select, update

from portal.core import clock, settings
from portal.core.db import db
from portal.core.jobs import Job
from portal.notifications import actions, kinds, queries, tokens
from portal.notifications.models import Notification
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
    assert page.submit("Turn it off").heading == "No more of these mails"
    tell(ada, "Not mailed")
    later()
    assert len(outbox.recipients()) == 2
    again = visitor.get(link.group(1))
    assert again.heading == "Off already"
    assert "Turn it off" not in again.words, "nothing is left to do"
    assert page.submit("Turn it off").heading == "Off already", "from a page that was open all the time"


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


def test_mails_about_one_thing_stand_together(make: Make, tell: Tell, outbox: Postbox, later: Any) -> None:
    """Threading headers: what is told about one topic has one root, other things another; each names its list."""
    ada = make.member()
    for thread in ("topic:1", "topic:1", "topic:2"):
        tell(ada, f"A reply in {thread}", group_key=thread)
        later()
    headers = [mail.headers for mail in outbox.mails()]
    roots = [each["References"] for each in headers]
    assert roots[0] == roots[1] == headers[0]["In-Reply-To"]
    assert roots[0] != roots[2]
    assert {each["List-Id"] for each in headers} == {"<test.loud.localhost>"}
    assert {each["Precedence"] for each in headers} == {"bulk"}
    assert all("You get this because" in mail.text and "Kestrel" in mail.text for mail in outbox.mails())


@pytest.mark.parametrize("token", ["nonsense", "WzEsInRlc3QubG91ZCJd.x"])
def test_a_forged_link_is_nothing(browse: Browser, token: str) -> None:
    assert browse.as_(None).get(f"/notifications/off/{token}").status == 404


def test_a_message_is_mailed_after_two_minutes(make: Make, tell: Tell, outbox: Postbox, later: Any) -> None:
    """limits.md: messages 2 min, everything else 10."""
    assert kinds.type_of("hello").mail_minutes == 2
    kinds.register(kinds.NotificationType("test.message", "Messages", mail_minutes=2))
    ada = make.member()
    tell(ada, "A message", kind="test.message")
    tell(ada, "A loud thing")
    later(1)
    assert outbox.recipients() == []
    later(3)
    assert [mail.subject for mail in outbox.mails()] == ["A message"]


def _written(tell: Tell, write_mails: Callable[[], None], person: Any, **what: Any) -> Any:
    """A notification whose mail lies in the outbox, not yet sent."""
    told = tell(person, **what)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        write_mails()
    return told


def _send(work: Callable[[], int]) -> None:
    """Let the mail server come back: the mails that waited go out, or not."""
    db.session.execute(update(Job).where(Job.state == "held").values(state="queued"))
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        work()


@pytest.mark.parametrize("meanwhile", ["nothing", "read", "closed", "off", "weekly", "paused", "blocked"])
def test_it_is_asked_again_when_the_mail_goes_out(
    meanwhile: str, browse: Browser, make: Make, tell: Tell, outbox: Postbox, closed: set[str],
    write_mails: Callable[[], None], work: Callable[[], int],
) -> None:  # fmt: skip
    """M1, C9: a mail that waited for the mail server is not sent when it was read, closed or unwanted meanwhile."""
    ada, ben = make.member(), make.member()
    told = _written(tell, write_mails, ada, kind="test.secret", group_key="topic:9", actor_id=ben.id)
    assert outbox.last().state == "queued"
    if meanwhile == "read":
        browse.as_(ada).open("notifications.open_", public_id=told.public_id)
    elif meanwhile == "closed":
        closed.add("topic:9")
    elif meanwhile in ("off", "weekly"):
        actions.choose_mail({"test.secret": meanwhile}, by=make.viewer(ada))
    elif meanwhile == "paused":
        actions.pause_mail((clock.now() + timedelta(days=5)).date(), by=make.viewer(ada))
    elif meanwhile == "blocked":
        people.block(ben, by=make.viewer(ada))
    db.session.commit()
    _send(work)
    assert outbox.last().state == ("sent" if meanwhile == "nothing" else "cancelled")


def test_what_is_over_the_cap_waits_for_the_weekly_letter(make: Make, tell: Tell, later: Any) -> None:
    """limits.md: 20 a day; the rest is never silently away, nor what a pause held back."""
    ada, ben = make.member(), make.member()
    settings.set_value("notification_mails_per_day", 2, by=make.system)
    actions.pause_mail((clock.now() + timedelta(days=5)).date(), by=make.viewer(ben))
    for number in range(4):
        tell(ada, f"Thing {number}")
    tell(ben, "While away")
    tell(ben, "Not wanted anyway", kind="test.quiet")
    later()
    rows = db.session.execute(select(Notification.title, Notification.deferred).order_by(Notification.id)).all()
    assert [row.title for row in rows if row.deferred] == ["Thing 2", "Thing 3", "While away"]


def test_mails_count_though_their_lines_became_one(make: Make, tell: Tell, outbox: Postbox, later: Any) -> None:
    """The cap is about mails: two that were mailed count, also after a third made one line of them."""
    settings.set_value("notification_mails_per_day", 2, by=make.system)
    ada = make.member()
    for _ in range(2):
        tell(ada, "Reply", group_key="topic:1", many="{n} replies")
    later()
    tell(ada, "Reply", group_key="topic:1", many="{n} replies")
    tell(ada, "Something else")
    later(22)
    assert [mail.subject for mail in outbox.mails()] == ["Reply", "Reply"]


def test_a_link_that_ends_mail_can_do_nothing_else(browse: Browser, make: Make, app: Any) -> None:
    """R24: the token opens no other door, and no other token opens this one."""
    ada = make.member()
    with app.test_request_context():
        token = tokens.write(ada.id, "test.loud")
    visitor = browse.as_(None)
    doors = [rule for rule in app.url_map.iter_rules() if rule.arguments == {"token"}]
    assert len(doors) > 4
    for rule in doors:
        if rule.endpoint.startswith("notifications."):
            continue
        page = visitor.get(rule.build({"token": token})[1])
        asked_to_sign_in = "/sign-in" in page.url  # the door is for whoever is signed in, and was not opened
        assert page.status >= 400 or asked_to_sign_in or token not in page.text, rule
        assert ada.full_name not in page.words, rule
    with app.test_request_context():
        others = [
            URLSafeSerializer(app.secret_key, salt=salt).dumps([ada.id, "test.loud"])
            for salt in ("session", "notifications", "itsdangerous", "")
        ]
    assert [visitor.get(f"/notifications/off/{other}").status for other in others] == [404] * 4
    assert queries.wants_mail(ada.id, "test.loud")
