"""Who gets a letter, when, and never twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import event, select

from portal.boards.actions import setup as boards
from portal.core import clock, jobs, settings
from portal.core.access import system_viewer
from portal.core.db import db
from portal.core.outbox import OutboxMail
from portal.digests import actions, calendar, queries
from portal.digests.jobs import write_letters
from portal.digests.models import WeeklyLetter
from portal.notifications import actions as notifications
from portal.people import actions as people
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox

Reader = Any


@pytest.fixture
def news(make: Make) -> Any:
    """Something to tell everybody, a new topic on a board for all; call it for more."""

    def more() -> None:
        make.topic(author=make.member(relation="customer:former"), title="Night trains", replies=1)

    more()
    return more


def states(person: Person) -> list[str]:
    found = select(WeeklyLetter.state).where(WeeklyLetter.person_id == person.id).order_by(WeeklyLetter.week)
    return list(db.session.scalars(found))


def test_one_letter_a_week(
    reader: Reader, make: Make, news: Any, post: Callable[[], None], outbox: Postbox, tuesday: Any
) -> None:
    """T2: at most once."""
    reader(address="ada@example.org")
    post()
    post()
    tuesday.shift(timedelta(hours=3))
    post()
    assert outbox.recipients() == ["ada@example.org"]
    news()
    tuesday.shift(timedelta(days=7))
    news()
    post()
    assert outbox.recipients() == ["ada@example.org"] * 2


def test_another_weekday_does_not_bring_a_second_one(
    reader: Reader, make: Make, news: Any, post: Callable[[], None], outbox: Postbox, tuesday: Any
) -> None:
    reader()
    settings.set_value("letter_weekday", 7, by=make.system)
    db.session.commit()
    tuesday.shift(timedelta(days=5))
    post()
    assert len(outbox.mails()) == 1
    settings.set_value("letter_weekday", 1, by=make.system)
    db.session.commit()
    tuesday.shift(timedelta(days=1))
    news()
    post()
    assert len(outbox.mails()) == 1


def test_nothing_to_tell_is_not_sent_and_not_recorded_as_sent(
    reader: Reader, post: Callable[[], None], outbox: Postbox
) -> None:
    """limits.md: none if empty."""
    ada = reader(relation="customer:former")
    post()
    assert outbox.mails() == []
    assert states(ada) == ["empty"]
    assert queries.last_letters(ada.id) == []


def test_it_comes_at_eight_by_the_members_own_clock(
    reader: Reader, news: Any, post: Callable[[], None], outbox: Postbox, tuesday: Any
) -> None:
    """T4: 09:00 UTC is five in New York and six in the evening in Tokyo."""
    for zone in ("America/New_York", "Asia/Tokyo", "UTC"):
        reader(address=f"{zone.partition('/')[2] or zone}@example.org").timezone = zone
    db.session.commit()
    post()
    assert sorted(outbox.recipients()) == ["Tokyo@example.org", "UTC@example.org"]
    tuesday.shift(timedelta(hours=2, minutes=59))
    post()
    assert len(outbox.mails()) == 2
    tuesday.shift(timedelta(minutes=2))
    post()
    assert len(outbox.mails()) == 3


@hypothesis.settings(max_examples=60)
@given(
    now=some.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=some.just(UTC)),
    weekday=some.integers(0, 6),
    hour=some.integers(0, 23),
    zone=some.sampled_from(["UTC", "Europe/London", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago"]),
)
def test_a_zone_is_due_for_a_day_and_a_half_from_its_hour(now: datetime, weekday: int, hour: int, zone: str) -> None:
    """T4: a property over changes of the clocks and the date line."""
    week = calendar.due_week(now, zone, weekday, hour)
    coming = calendar.next_at(now, zone, weekday, hour)
    assert now < coming <= now + timedelta(days=7, hours=1)
    assert (coming.weekday(), coming.utcoffset()) == (weekday, coming.astimezone(ZoneInfo(zone)).utcoffset())
    last = coming - timedelta(days=7)
    assert week == (last.date() - timedelta(days=weekday) if now - last < calendar.LATE else None)


STOPS: dict[str, Callable[[Any, Make], None]] = {
    "stepped back": lambda ada, make: people.step_back(db.session.merge(ada), by=make.viewer(ada)),
    "remembered": lambda ada, make: _set(ada, remembered_at=clock.now()),
    "suspended": lambda ada, make: _set(ada, suspended_until=clock.now() + timedelta(days=5)),
    "turned off": lambda ada, make: notifications.choose_mail({"weekly_letter": "off"}, by=make.viewer(ada)),
    "paused": lambda ada, make: notifications.pause_mail(clock.today() + timedelta(days=9), by=make.viewer(ada)),
    "address that bounced": lambda ada, make: _becomes(ada, "suspended"),
    "address not proved for a year": lambda ada, make: _becomes(ada, "stale"),
}


def _set(person: Person, **values: Any) -> None:
    db.session.query(Person).filter_by(id=person.id).update(values)


def _becomes(person: Person, state: str) -> None:
    from portal.accounts.models import EmailAddress

    address = db.session.scalars(select(EmailAddress).where(EmailAddress.person_id == person.id)).one()
    address.state = state


@pytest.mark.parametrize("why", list(STOPS))
def test_whoever_should_not_be_written_to_is_not(
    why: str, reader: Reader, make: Make, news: Any, post: Callable[[], None], outbox: Postbox
) -> None:
    """I15, R4, R23, C9: neither a letter nor a row that says there was one."""
    ada = reader()
    STOPS[why](ada, make)
    db.session.commit()
    post()
    assert outbox.mails() == []
    assert states(ada) == []


@pytest.mark.parametrize("why", list(STOPS))
def test_it_is_asked_again_when_the_letter_goes_out(
    why: str, reader: Reader, make: Make, news: Any, outbox: Postbox, write_mails: Callable[[], None]
) -> None:
    """The mail server was away; what became true meanwhile counts."""
    ada = reader()
    _written(write_mails)
    assert [mail.state for mail in outbox.mails()] == ["queued"]
    STOPS[why](ada, make)
    db.session.commit()
    _send()
    assert [mail.state for mail in outbox.mails()] == ["cancelled"]


def _written(write_mails: Callable[[], None]) -> None:
    db.session.remove()
    jobs.enqueue(write_letters)
    db.session.commit()
    write_mails()


def _send() -> None:
    from sqlalchemy import update

    db.session.execute(update(jobs.Job).where(jobs.Job.state == "held").values(state="queued"))
    db.session.commit()
    jobs.run_due(strict=True)


def test_what_was_closed_meanwhile_is_left_out_of_the_letter_that_goes(
    reader: Reader, make: Make, outbox: Postbox, write_mails: Callable[[], None]
) -> None:
    """M1: the letter is asked about again, word by word; it is written anew without what was closed, once."""
    ada, ben = reader(relation="customer:former"), make.member(relation="customer:former")
    closing = make.board("Closing board")
    make.topic(closing, author=ben, title="A secret by tonight", replies=1)
    make.topic(make.board("Open board"), author=ben, title="Open to all", replies=1)
    _written(write_mails)
    assert "A secret by tonight" in outbox.last().text
    boards.set_audience(closing, ({"role": "admin"},), by=make.system)
    db.session.commit()
    _send()
    mails = outbox.mails()
    assert [mail.state for mail in mails] == ["cancelled", "sent"]
    assert "Open to all" in mails[-1].text
    assert "A secret" not in mails[-1].text
    assert "A secret" not in (mails[-1].html or "")
    assert states(ada) == ["posted"]


def test_it_stops_after_half_a_year_away_and_for_who_never_came(
    reader: Reader, make: Make, news: Any, post: Callable[[], None], outbox: Postbox
) -> None:
    """limits.md: stops after 180 d away, off for people who never signed in."""
    make.member(address="never@example.org")
    reader(address="long@example.org", days_away=181)
    reader(address="some@example.org", days_away=179)
    post()
    assert outbox.recipients() == ["some@example.org"]


def test_a_worker_that_dies_in_the_middle_leaves_no_double(reader: Reader, news: Any, outbox: Postbox) -> None:
    """T2: what was begun and not kept is done again; what was kept is not."""
    members = [reader().id for _ in range(25)]
    work = write_letters()
    for _ in range(2):
        next(work)
        db.session.commit()  # the first ten are kept
    next(work)
    db.session.rollback()  # the next five were lost with the worker
    assert len(outbox.mails()) == 10
    for _ in write_letters():
        db.session.commit()
    jobs.run_due(strict=True)
    assert sorted(mail.person_id or 0 for mail in outbox.mails()) == sorted(members)


def test_two_workers_write_one_letter(reader: Reader, news: Any, outbox: Postbox) -> None:
    """T2: the row of the week is taken before anything is posted."""
    ada = reader()
    for _ in range(2):
        actions.write_letter(ada.id, date(2026, 6, 1), by=system_viewer())
    db.session.commit()
    assert len(outbox.mails()) == 1


def test_one_letter_that_can_not_be_written_keeps_nobody_back(
    reader: Reader, news: Any, post: Callable[[], None], outbox: Postbox
) -> None:
    from portal.accounts.models import EmailAddress

    bad, good = reader(), reader(address="good@example.org")
    db.session.query(EmailAddress).filter_by(person_id=bad.id).update({"address": "two@example.org,three@example.org"})
    db.session.commit()
    post()
    assert outbox.recipients() == ["good@example.org"]
    assert (states(bad), states(good)) == (["failed"], ["posted"])


def test_one_click_ends_the_letters(
    reader: Reader, make: Make, news: Any, post: Callable[[], None], outbox: Postbox, browse: Browser, tuesday: Any
) -> None:
    """RFC 8058: POST without a cookie acts; GET shows a page and changes nothing."""
    reader()
    post()
    path = "/" + outbox.last().headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert "The weekly letter" in browse.as_(None).get(path).words
    assert browse.as_(None).post(path, {"List-Unsubscribe": "One-Click"}).status == 200
    tuesday.shift(timedelta(days=7))
    news()
    post()
    assert len(outbox.mails()) == 1


def test_a_letter_costs_the_same_number_of_statements_whatever_is_in_it(reader: Reader, make: Make) -> None:
    """T6 for letters: with one thing to tell and with a hundred."""
    firm = make.organisation("Acme")
    few = reader(relation="partner:former", organisation=firm, start="2010", end="2014-12-31")
    ben = make.member(relation="partner:former", organisation=firm, start="2012", days_ago=2)
    cost = [_statements(few.id)]
    board = make.board()
    for number in range(12):
        make.topic(board, author=ben, title=f"Topic {number}?", replies=number % 3, followed_by=(few,) * (number % 2))
        make.member(relation="partner:former", organisation=firm, start="2012", days_ago=2)
    many = reader(relation="partner:former", organisation=firm, start="2010", end="2014-12-31")
    cost.append(_statements(many.id))
    cost.append(_statements(few.id))
    assert max(cost) <= 40, cost
    assert cost[2] - cost[0] <= 6, cost


def _statements(person_id: int) -> int:
    seen: list[str] = []

    def count(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    db.session.query(WeeklyLetter).delete()
    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        actions.write_letter(person_id, date(2026, 6, 1), by=system_viewer())
        db.session.flush()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    db.session.query(OutboxMail).delete()
    db.session.commit()
    return len(seen)


def test_old_letters_are_forgotten(reader: Reader, news: Any, post: Callable[[], None], tuesday: Any) -> None:
    ada = reader()
    post()
    tuesday.shift(timedelta(weeks=26))
    actions.forget_old(by=system_viewer())
    assert states(ada) == ["posted"]
    tuesday.shift(timedelta(weeks=2))
    actions.forget_old(by=system_viewer())
    db.session.commit()
    assert states(ada) == []


def test_person_data_counts_exports_and_erases(reader: Reader, news: Any, post: Callable[[], None]) -> None:
    from portal.digests.person_data import LetterData

    ada = reader()
    post()
    data = LetterData()
    assert data.count(ada.id) == 1
    assert data.export(ada.id)["weekly_letters"][0]["state"] == "posted"
    data.move(ada.id, make_id := ada.id + 1)
    db.session.commit()
    assert (data.count(ada.id), data.count(make_id)) == (0, 0)
