"""Mail that waits in rows: security mail at least once, all other mail at most once."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.core import clock, jobs, mail, outbox
from portal.core.db import db, unit_of_work
from portal.core.errors import Missing
from portal.core.jobs import Job, queue
from portal.core.mail import BadHeader, Letter
from portal.core.outbox import OutboxMail
from portal.core.smtp import Outcome
from tests.core.conftest import until

Worker = Callable[..., subprocess.Popen[bytes]]


class Carrier:
    """A transport that does as it is told and remembers what it was given."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.outcomes: list[Outcome | BaseException] = []
        self.away: Any = None

    def send(self, letter: Letter, _wire: bytes) -> Outcome:
        assert not db.session().in_transaction(), "no transaction is open while a mail is sent"
        self.letters.append(letter)
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome("sent")
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome.state == "away":
            self.away = clock.now() + timedelta(seconds=15)
        return outcome

    def away_until(self) -> Any:
        return self.away

    def rest(self) -> None:
        """Nothing is kept open."""

    @property
    def recipients(self) -> list[str]:
        return [letter.to_address for letter in self.letters]


@pytest.fixture
def carrier(app: Flask) -> Carrier:
    """What carries the mails of this test."""
    app.extensions[mail.TRANSPORT] = Carrier()
    return app.extensions[mail.TRANSPORT]  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """No feature has a say."""
    monkeypatch.setattr(outbox, "_wanted", {})
    monkeypatch.setattr(outbox, "_when_bounced", [])


def post(to_address: str = "ada@example.org", kind: str = "tests.tea", **options: Any) -> int:
    """Post and commit."""
    with unit_of_work():
        return outbox.post_mail(kind, to_address, "Tea", "Tea is ready.", "<p>Tea is ready.</p>", **options).id


def row(mail_id: int) -> Any:
    """A mail as it is in the database now."""
    table = OutboxMail.__table__
    with db.reading_engine.connect() as connection:
        return connection.execute(sa.select(table).where(table.c.id == mail_id)).one()


class Crash(BaseException):
    """The process dies here."""


def crash() -> None:
    """Begin a delivery and die in the middle of it; then its lease runs out."""
    with pytest.raises(Crash):
        jobs.run_due()
    with db.engine.begin() as connection:
        connection.execute(sa.update(Job).values(lease_until=clock.now() - timedelta(seconds=1)))


class TestPosting:
    """Rows in the caller's transaction."""

    def test_a_posted_mail_is_delivered(self, carrier: Carrier) -> None:
        mail_id = post()
        jobs.run_due()
        assert carrier.recipients == ["ada@example.org"]
        assert (row(mail_id).state, row(mail_id).attempts) == ("sent", 1)
        assert row(mail_id).sent_at is not None

    def test_nothing_is_sent_for_what_was_rolled_back(self, carrier: Carrier) -> None:
        outbox.post_mail("tests.tea", "ada@example.org", "Tea", "Tea is ready.")
        db.session.rollback()
        jobs.run_due()
        assert carrier.letters == []

    def test_a_line_break_or_a_second_address_is_refused_at_once(self, app: Flask) -> None:
        for to_address, subject in (
            ("a@b.c,d@e.f", "Tea"),
            ("a@b.c\nBcc: d@e.f", "Tea"),
            ("a@b.c", "Tea\r\nBcc: x@y.z"),
        ):
            with pytest.raises(BadHeader):
                outbox.post_mail("tests.tea", to_address, subject, "Tea is ready.")

    def test_security_mail_goes_first(self, carrier: Carrier) -> None:
        post("slow@example.org")
        post("fast@example.org", security=True)
        jobs.run_due()
        assert carrier.recipients == ["fast@example.org", "slow@example.org"]

    def test_a_mail_waits_for_its_time(self, carrier: Carrier) -> None:
        post(not_before=clock.now() + timedelta(minutes=10))
        jobs.run_due()
        assert carrier.letters == []
        with time_machine.travel(clock.now() + timedelta(minutes=11)):
            jobs.run_due()
        assert len(carrier.letters) == 1


class TestAsking:
    """What is asked just before a mail goes out."""

    def test_what_is_not_wanted_any_more_is_cancelled(self, carrier: Carrier) -> None:
        outbox.still_wanted("tests.tea")(lambda row: row.to_address != "ben@example.org")
        first, second = post(), post("ben@example.org")
        jobs.run_due()
        assert carrier.recipients == ["ada@example.org"]
        assert [row(first).state, row(second).state] == ["sent", "cancelled"]

    def test_a_question_for_every_kind_is_asked_of_security_mail_too(self, carrier: Carrier) -> None:
        outbox.still_wanted()(lambda row: False)
        post(security=True)
        jobs.run_due()
        assert carrier.letters == []

    def test_a_link_that_expired_is_not_sent(self, carrier: Carrier) -> None:
        mail_id = post(security=True, expires_at=clock.now() + timedelta(minutes=10))
        with time_machine.travel(clock.now() + timedelta(minutes=11)):
            jobs.run_due()
        assert carrier.letters == []
        assert (row(mail_id).state, row(mail_id).text) == ("cancelled", "")

    def test_a_person_can_be_left_alone_and_forgotten(self, carrier: Carrier) -> None:
        kept, stopped = post(person_id=1, kind="tests.cake"), post(person_id=1)
        with unit_of_work():
            outbox.cancel(1, "tests.tea")
        jobs.run_due()
        assert [row(kept).state, row(stopped).state] == ["sent", "cancelled"]
        with unit_of_work():
            outbox.forget_person(1)
        assert outbox.listed("sent", "cancelled") == []


class TestCrashes:
    """A worker that dies in the middle of sending."""

    def test_other_mail_is_sent_at_most_once_and_listed_as_unknown(self, carrier: Carrier) -> None:
        mail_id = post()
        carrier.outcomes = [Crash()]
        crash()
        assert row(mail_id).state == "sending"
        jobs.run_due()
        assert len(carrier.letters) == 1
        assert [(found.id, found.state) for found in outbox.listed("unknown")] == [(mail_id, "unknown")]

    def test_security_mail_is_sent_again_with_the_same_message_id(self, carrier: Carrier) -> None:
        mail_id = post(security=True)
        carrier.outcomes = [Crash()]
        crash()
        jobs.run_due()
        assert len(carrier.letters) == 2
        assert len({letter.message_id for letter in carrier.letters}) == 1
        assert row(mail_id).state == "sent"

    def test_a_line_that_broke_leaves_other_mail_unknown_and_repeats_security_mail(self, carrier: Carrier) -> None:
        other, security = post(), post(security=True)
        carrier.outcomes = [Outcome("unknown", "gone"), Outcome("unknown", "gone")]
        jobs.run_due()
        assert [row(other).state, row(security).state] == ["unknown", "queued"]
        with time_machine.travel(clock.now() + timedelta(minutes=11)):
            jobs.run_due()
        assert row(security).state == "sent"

    def test_a_worker_killed_while_sending(self, app: Flask, worker: Worker, silent_server: str) -> None:
        other, security = post(), post(security=True)
        process = worker(TEST_MAIL=silent_server, TEST_THREADS="2")
        until(lambda: row(other).state == row(security).state == "sending")
        process.send_signal(signal.SIGKILL)
        process.wait()
        worker()
        until(lambda: row(other).state == "unknown" and row(security).state == "sent")


class TestServerTrouble:
    """What a mail server may do."""

    def test_a_refused_address_is_told_to_whoever_listens(self, carrier: Carrier) -> None:
        heard: list[tuple[str, str]] = []
        outbox.when_bounced(lambda row: heard.append((row.to_address, row.bounce)))
        mail_id = post()
        carrier.outcomes = [Outcome("refused", "no such user", 550)]
        jobs.run_due()
        assert heard == [("ada@example.org", "hard")]
        assert (row(mail_id).state, row(mail_id).error) == ("failed", "no such user")

    def test_come_back_later_is_obeyed(self, carrier: Carrier) -> None:
        mail_id = post()
        carrier.outcomes = [Outcome("again", "greylisted", 450)]
        jobs.run_due()
        assert row(mail_id).state == "queued"
        with time_machine.travel(clock.now() + timedelta(minutes=11)):
            jobs.run_due()
        assert (row(mail_id).state, row(mail_id).attempts) == ("sent", 2)

    def test_while_the_server_is_away_nothing_is_touched_and_then_the_oldest_goes_first(self, carrier: Carrier) -> None:
        wanted = [f"n{number}@example.org" for number in range(6)]
        ids = [post(address) for address in wanted]
        carrier.outcomes = [Outcome("away", "timed out")]
        jobs.run_due()
        assert carrier.recipients == wanted[:1], "the others did not even try"
        assert {row(mail_id).state for mail_id in ids} == {"queued"}
        with time_machine.travel(clock.now() + timedelta(hours=1)):
            carrier.away = None
            carrier.letters.clear()
            jobs.run_due()
        assert carrier.recipients == wanted

    def test_an_outage_costs_no_tries(self, carrier: Carrier) -> None:
        post()
        carrier.away = clock.now() + timedelta(minutes=5)
        jobs.run_due()
        with db.reading_engine.connect() as connection:
            assert connection.execute(sa.select(Job.attempts)).scalar_one() == 0

    def test_after_three_days_a_mail_is_given_up(self, carrier: Carrier) -> None:
        mail_id = post()
        carrier.outcomes = [Outcome("again", "greylisted", 450)]
        jobs.run_due()
        with time_machine.travel(clock.now() + timedelta(days=4)):
            jobs.run_due()
        assert (row(mail_id).state, row(mail_id).error) == ("failed", "Given up after 3 days. greylisted")
        assert row(mail_id).bounce == "soft"

    def test_a_person_may_decide_to_send_again(self, carrier: Carrier) -> None:
        mail_id = post()
        carrier.outcomes = [Outcome("refused", "no such user", 550)]
        jobs.run_due()
        with unit_of_work():
            outbox.send_again(mail_id)
        jobs.run_due()
        assert row(mail_id).state == "sent"
        with pytest.raises(Missing):
            outbox.send_again(mail_id)


class TestForgetting:
    """What is not kept."""

    def test_the_links_of_security_mail_are_not_kept_once_it_is_sent(self, carrier: Carrier) -> None:
        secret, plain = post(security=True), post()
        jobs.run_due()
        assert (row(secret).text, row(secret).html) == ("", None)
        assert row(plain).text == "Tea is ready."

    def test_texts_are_forgotten_after_a_week_and_rows_after_three_months(self, carrier: Carrier) -> None:
        mail_id = post()
        jobs.run_due()
        with time_machine.travel(clock.now() + timedelta(days=8)), unit_of_work():
            outbox.clean()
        assert (row(mail_id).text, row(mail_id).html, row(mail_id).state) == ("", None, "sent")
        with time_machine.travel(clock.now() + timedelta(days=91)), unit_of_work():
            outbox.clean()
        assert outbox.listed("sent") == []


def test_only_the_worker_that_holds_the_job_sends(carrier: Carrier, app: Flask) -> None:
    from portal.core.jobs.run import perform

    mail_id = post()
    with time_machine.travel(clock.now(), tick=False) as time:
        slow = queue.claim()
        time.shift(timedelta(minutes=5))
        fast = queue.claim()
    assert slow is not None
    assert fast is not None
    perform(app, slow)
    assert carrier.letters == [], "it lost the job before it could mark the mail"
    perform(app, fast)
    assert (len(carrier.letters), row(mail_id).state) == (1, "sent")


@pytest.fixture
def silent_server() -> Iterator[str]:
    """A mail server that takes a mail's text and then never answers."""
    import asyncio
    import threading

    writers: list[asyncio.StreamWriter] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        writer.write(b"220 hello\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                break
            writer.write(b"250 fine\r\n")
        await asyncio.sleep(60)

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(talk, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    for task in asyncio.all_tasks(loop):
        loop.call_soon_threadsafe(task.cancel)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    for writer in writers:
        writer.transport.abort()
    loop.run_until_complete(asyncio.sleep(0.1))
    loop.close()
