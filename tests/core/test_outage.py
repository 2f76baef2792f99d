"""The mail server is away for an hour: nothing is lost, and afterwards the oldest goes first (T2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.core import clock, doctor, jobs, mail, outbox, smtp
from portal.core.db import db, unit_of_work
from portal.core.outbox import OutboxMail
from tests.core.test_mail import House, Inbox, inbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

__all__ = ["inbox"]
START = clock.now().replace(microsecond=0)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A clock that the test moves."""
    monkeypatch.setattr(outbox, "_wanted", {})
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def carrier(app: Flask, inbox: Inbox, time: Any) -> smtp.SmtpTransport:
    """The way to the mail server; its pauses follow the clock that the test moves."""
    made = smtp.SmtpTransport(app, f"smtp://127.0.0.1:{inbox.controller.port}", "house@example.org")  # type: ignore[attr-defined]
    app.extensions[mail.TRANSPORT] = made
    return made


def post(to: str, **options: Any) -> None:
    """Something is posted."""
    with unit_of_work():
        outbox.post_mail("tests.tea", f"{to}@example.org", "Tea", "Tea is ready.", **options)


def states() -> dict[str, str]:
    """What the outbox says, by the name before the @."""
    with db.reading_engine.connect() as connection:
        found = connection.execute(sa.select(OutboxMail.to_address, OutboxMail.state).order_by(OutboxMail.id))
        return {to.partition("@")[0]: state for to, state in found}


def minutes_pass(time: Any, carrier: smtp.SmtpTransport, minutes: int) -> None:
    """Time goes by, a minute at a time, and the worker works."""
    for _ in range(minutes):
        time.shift(timedelta(minutes=1))
        if carrier._pause_until <= clock.now():
            carrier._pause_ends = 0.0
        jobs.run_due()


def test_an_hour_without_a_mail_server(app: Flask, inbox: Inbox, carrier: smtp.SmtpTransport, time: Any) -> None:
    """T2: nothing lost, nothing doubled, oldest first, no link that has expired, and an alarm after a quarter hour."""
    inbox.controller.stop()  # type: ignore[attr-defined]
    for number in range(12):
        post(f"n{number:02}")
        minutes_pass(time, carrier, 1)
    post("link", security=True, expires_at=clock.now() + timedelta(minutes=10))
    assert doctor.late_mail() == ""
    minutes_pass(time, carrier, 4)
    assert doctor.late_mail().startswith("Mail has been waiting for 16 minutes")
    assert "Mail has been waiting" in {found.name: found.todo for found in doctor.examine()}["Outbox"]
    minutes_pass(time, carrier, 44)
    assert {state for name, state in states().items() if name != "link"} == {"queued"}, "nothing was given up"

    again = House(inbox, hostname="127.0.0.1", port=inbox.controller.port)  # type: ignore[attr-defined]
    again.start()
    inbox.controller = again  # type: ignore[attr-defined]
    minutes_pass(time, carrier, 11)
    arrived = [envelope.rcpt_tos[0].partition("@")[0] for envelope, _ in inbox.received]
    assert arrived == [f"n{number:02}" for number in range(12)], "each once, the oldest first"
    assert states() == dict.fromkeys(arrived, "sent") | {"link": "cancelled"}
    assert doctor.late_mail() == ""
    [told] = outbox.listed("cancelled")
    assert (told.error, told.text) == ("Its link expired before it could be sent.", "")


def test_a_server_that_always_says_later_alarms_too(carrier: smtp.SmtpTransport, inbox: Inbox, time: Any) -> None:
    inbox.answers["RCPT"] = "450 come back later"
    post("ada")
    minutes_pass(time, carrier, 100)
    assert doctor.late_mail() == "", "a server may ask to come back later"
    minutes_pass(time, carrier, 30)
    assert "waiting for 130 minutes" in doctor.late_mail()
    assert states() == {"ada": "queued"}
    carrier.rest()
