"""An item by mail: to those who belong and want it, once, asked again just before it goes (T2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from portal.careers.audiences import audience_of
from portal.core import clock, jobs, suppression
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.core.jobs import Job
from portal.news import actions, queries, recipients, sending
from portal.notifications.actions import stop_mail
from portal.people import actions as people
from portal.people.queries import person_by_id
from tests.news.conftest import FORMER_PARTNERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.news.models import NewsItem
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox


@pytest.fixture
def partners(make: Make) -> dict[str, Person]:
    """Former partners of every sort: one who gets the mail, and one for each reason not to."""
    found = {name: make.member(f"{name.title()} Partner", relation="partner:former", address=f"{name}@example.org") for name in
             ("happy", "quiet", "stepped", "paused", "lost", "blocked")}  # fmt: skip
    stop_mail(found["quiet"].id, "news", by=system_viewer())
    people.step_back(found["stepped"], by=viewer_of(found["stepped"].id))
    found["paused"].suspended_until = clock.now() + timedelta(days=3)
    for address in db.session.scalars(db.select(_addresses()).where(_addresses().person_id == found["lost"].id)):
        address.state, address.live_norm = "dead", None
    suppression.suppress("blocked@example.org", why="asked", by=system_viewer())
    db.session.commit()
    return found


def _addresses() -> type:
    from portal.accounts.models import EmailAddress

    return EmailAddress


def news_to(outbox: Postbox) -> list[str]:
    """Who got a mail of news, or will."""
    return [mail.to_address for mail in outbox.mails() if mail.kind == "news"]


def test_who_would_get_it_is_counted_with_the_reasons(partners: dict[str, Person]) -> None:
    tally = recipients.tally([audience_of(line) for line in FORMER_PARTNERS])
    assert (tally.members, tally.mails) == (6, 1)
    assert [number for number, _ in tally.reasons] == [1, 1, 1, 1, 1]


def test_it_is_mailed_to_those_who_were_counted(
    partners: dict[str, Person], told: Callable[..., NewsItem], outbox: Postbox, write_mails: Callable[[], None]
) -> None:
    """Nobody who stepped back, is paused, chose not to, or asked never to be written to."""
    item = told(by_mail=True)
    write_mails()
    assert news_to(outbox) == ["happy@example.org"]
    found = queries.any_item(item.public_id)
    assert (found.mailing, found.mail_count) == ("sent", 1)


def test_the_mail_says_what_it_is_why_it_came_and_how_to_stop_it(
    told: Callable[..., NewsItem], make: Make, outbox: Postbox, write_mails: Callable[[], None], browse: Browser
) -> None:
    make.member(relation="partner:former", address="pia@example.org")
    told(by_mail=True, ask="choice", question="Will you come?", choices=["Yes", "No"])
    write_mails()
    mail = outbox.last("pia@example.org")
    assert mail.subject == "The yard opens its doors"
    assert "News from Kestrel & Lowe" in mail.text
    assert "Will you come?" in mail.text
    assert "news of Kestrel & Lowe for: former partners." in mail.text
    assert "14 Redcliffe Wharf" in mail.text
    assert "&amp; Lowe" in (mail.html or "")
    assert "off.invalid" not in mail.text + (mail.html or "")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.headers["List-Id"].startswith("<news.")
    off = mail.headers["List-Unsubscribe"].strip("<>")
    assert off in mail.text
    assert browse.post(off, {"List-Unsubscribe": "One-Click"}).status == 200


def test_a_batch_and_its_cursor_are_kept_together(
    told: Callable[..., NewsItem], make: Make, outbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T2: killed between two batches and begun again, each reader has one mail."""
    readers = [make.member(relation="partner:former").id for _ in range(7)]
    monkeypatch.setattr(sending, "BATCH", 3)
    item_id = told(by_mail=True).id
    for _ in range(3):  # each time the worker is killed before it could keep its second step
        work = sending.send_mails(item_id)
        next(work)
        db.session.commit()
        next(work, None)
        db.session.rollback()
    for _ in sending.send_mails(item_id):
        db.session.commit()
    db.session.commit()
    assert [mail.person_id for mail in outbox.mails() if mail.kind == "news"] == readers
    assert db.session.query(Job).filter(Job.name == "core.deliver_mail").count() == len(readers)


def test_asked_again_just_before_it_goes(
    told: Callable[..., NewsItem], make: Make, outbox: Postbox, write_mails: Callable[[], None], work: Callable[[], int]
) -> None:
    """M1: whoever may not see it any more, or does not want it, gets nothing although the mail was written."""
    stays, goes, stops = (
        make.member(relation="partner:former", address=f"{name}@example.org") for name in ("stays", "goes", "stops")
    )
    told(by_mail=True)
    write_mails()
    assert len(news_to(outbox)) == 3
    people.step_back(person_by_id(goes.id), by=viewer_of(goes.id))
    stop_mail(stops.id, "news", by=system_viewer())
    db.session.execute(db.update(Job).where(Job.state == "held").values(state="queued"))
    db.session.commit()
    work()
    assert {mail.to_address: mail.state for mail in outbox.mails() if mail.kind == "news"} == {
        "stays@example.org": "sent", "goes@example.org": "cancelled", "stops@example.org": "cancelled",
    }  # fmt: skip
    assert stays


def test_what_is_taken_back_is_not_mailed_any_more(
    told: Callable[..., NewsItem], make: Make, staff: Person, outbox: Postbox, work: Callable[[], int]
) -> None:
    make.member(relation="partner:former", address="pia@example.org")
    item = told(by_mail=True)
    actions.withdraw(queries.any_item(item.public_id), "It was meant for next year.", by=viewer_of(staff.id))
    db.session.commit()
    work()
    assert "sent" not in {mail.state for mail in outbox.mails() if mail.kind == "news"}


def test_what_became_of_the_mails_is_counted(
    told: Callable[..., NewsItem], make: Make, work: Callable[[], int]
) -> None:
    """T2: the figures equal what the outbox says, and stay when it has forgotten."""
    for _ in range(3):
        make.member(relation="partner:former")
    item = told(by_mail=True)
    work()
    sending.count_mails()
    db.session.commit()
    db.session.expire_all()
    assert queries.any_item(item.public_id).mail_figures == {"sent": 3, "waiting": 0}


def test_bulk_mail_waits_behind_a_sign_in_link(
    told: Callable[..., NewsItem], make: Make, write_mails: Callable[[], None]
) -> None:
    make.member(relation="partner:former")
    told(by_mail=True)
    write_mails()
    assert {job.priority for job in db.session.query(Job).filter(Job.name == "core.deliver_mail")} == {jobs.LATER}
