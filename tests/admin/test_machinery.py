"""Audit, jobs, mail, self-check."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.core import audit, clock
from portal.core.access import viewer_of
from portal.core.audit import AuditKey, AuditRow
from portal.core.db import add, db
from portal.core.jobs import Job
from portal.core.outbox import OutboxMail, post_mail
from portal.people.actions import grant_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make


def dead_job() -> Job:
    """A job that was given up."""
    job = add(Job(name="core.clean_jobs", args=[], state="failed", priority=50, run_at=clock.now(), attempts=3, max_attempts=3,
                  last_error="OSError: the disk was full", finished_at=clock.now()))  # fmt: skip
    db.session.commit()
    return job


def lost_mail(state: str = "unknown", *, security: bool = False, text: str = "Hello") -> OutboxMail:
    """A mail of which nobody knows."""
    mail = post_mail("digest", "ben@example.org", "Your week", text or "x", security=security)
    mail.state, mail.error, mail.text = state, "The worker stopped while sending.", text
    db.session.commit()
    return mail


def test_a_dead_job_is_tried_again(office: Browser, deeds: Callable[[], list[str]], work: Callable[[], int]) -> None:
    job = dead_job()
    page = office.open("admin.machinery.work")
    assert "the disk was full" in page.words
    page = page.submit("Try again")
    assert "Nothing was given up" in page.words
    assert deeds()[-1] == "retry job"
    work()
    db.session.rollback()
    assert db.session.get(Job, job.id).state == "done"  # type: ignore[union-attr]


def test_a_lost_mail_is_sent_again_by_decision(
    office: Browser, deeds: Callable[[], list[str]], work: Callable[[], int]
) -> None:
    """T2: what is unknown is listed, and a person decides."""
    mail = lost_mail()
    page = office.open("admin.machinery.mail").submit("Send again")
    assert deeds()[-1] == "send mail again"
    assert "Every mail has gone out" in page.words
    work()
    db.session.rollback()
    assert db.session.get(OutboxMail, mail.id).state == "sent"  # type: ignore[union-attr]


def test_a_lost_mail_can_be_let_be(office: Browser, deeds: Callable[[], list[str]]) -> None:
    mail = lost_mail("failed")
    office.open("admin.machinery.mail").submit("Let it be")
    db.session.rollback()
    assert db.session.get(OutboxMail, mail.id).state == "cancelled"  # type: ignore[union-attr]
    assert deeds()[-1] == "let mail be"


def test_no_link_in_a_mail_is_shown(office: Browser) -> None:
    """R15: no page shows a token."""
    lost_mail("failed", security=True, text="")
    mail = post_mail("sign_in", "ben@example.org", "Sign in: 123456", "https://x/sign-in/link/secret", security=True)
    db.session.commit()
    page = office.open("admin.machinery.mail", state="queued")
    assert "secret" not in page.text
    assert "123456" not in page.text
    assert mail.id
    words = office.open("admin.machinery.mail").words
    assert "Its link is forgotten" in words
    assert "Send again" not in words


def test_the_self_check_is_a_page(office: Browser) -> None:
    dead_job()
    words = office.open("admin.machinery.self_check").words
    assert "Dead letters" in words
    assert "To do" in words
    assert "Database" in words


def test_the_audit_trail_is_searched(office: Browser, ada: Person, make: Make) -> None:
    ben, eve = (
        make.member("Ben Okafor", relation="employee:current"),
        make.member("Eve Lowe", relation="employee:current"),
    )
    for person in (ben, eve):
        grant_role(person, "seller", by=viewer_of(ada.id))
    db.session.commit()

    def rows(**given: str) -> str:
        return office.open("admin.audit.index", **given).words

    assert "Ben Okafor" in rows(verb="grant role")
    assert "Eve Lowe" in rows(verb="grant role")
    only = rows(verb="grant role", person=f"Ben Okafor ({ben.public_id})")
    assert "Ben Okafor seller" in only
    assert "Eve Lowe seller" not in only
    assert "Eve Lowe" in rows(person="eve")
    assert "Nothing matches" in rows(verb="grant role", last="2020-01-01")
    assert "Ben Okafor" in rows(verb="grant role", first=clock.today().isoformat(), last=clock.today().isoformat())
    assert "Ben Okafor" in rows(thing=f"person {ben.id}")


def test_the_trail_goes_on_and_costs_the_same(office: Browser, ada: Person, make: Make) -> None:
    """T6."""
    who = viewer_of(ada.id)
    office.open("admin.audit.index")
    few = len(office.open("admin.audit.index").statements)
    for number in range(70):
        audit.record(
            "step back", ("person", make.person().id if number % 30 == 0 else ada.id), by=who, note=f"n{number:03}"
        )
    db.session.commit()
    page = office.open("admin.audit.index")
    assert len(page.statements) == few
    assert "n069" in page.words
    assert "n000" in page.follow("Older").words


def test_what_changed_is_readable_until_the_key_is_gone(office: Browser, make: Make) -> None:
    """P5: erasing a person destroys the key of the values about them."""
    ben = make.member("Ben Okafor")
    office.open("admin.person.rename", public_id=ben.public_id).submit(full_name="Benedict Okafor", call_name="Ben")
    row = db.session.query(AuditRow).filter_by(verb="rename").one()
    page = office.open("admin.audit.deed", audit_id=row.id)
    assert "Ben Okafor" in page.words
    assert "What changed" in page.words
    db.session.query(AuditKey).filter_by(person_id=ben.id).delete()
    db.session.commit()
    page = office.open("admin.audit.deed", audit_id=row.id)
    assert "Ben Okafor" not in page.words
    assert "has erased their account" in page.words


def test_a_date_that_is_none_is_ignored(office: Browser) -> None:
    assert office.open("admin.audit.index", first="yesterday").status == 200
    assert office.open("admin.audit.index", first="9999-12-31", last="9999-12-31").status == 200


def test_old_reports_reach_the_admins(office: Browser, make: Make) -> None:
    from portal.moderation.models import Case

    topic = make.topic()
    add(Case(kind="post", thing_id="abc", author_id=topic.author_id, title="A post", origin="report", open_key="post:abc",
             opened_at=clock.now() - timedelta(days=4)))  # fmt: skip
    db.session.commit()
    page = office.open("admin.day.index")
    assert "A report waits too long" in page.words
    assert "Moderators decide, not you" in page.words
    assert "role=moderator" in page.follow("See who moderates").url
    assert "Reports go to the moderators" in office.open("moderation.queue").words


def test_mail_that_is_late_alarms_and_the_site_does_not_notice(office: Browser, browse: Browser, make: Make) -> None:
    """The mail server is away: pages work, and an admin sees after a quarter of an hour that mail waits."""
    mail = post_mail("digest", "ben@example.org", "Your week", "Hello")
    db.session.commit()
    assert "Mail is late" not in office.open("admin.machinery.mail").words
    db.session.get_one(OutboxMail, mail.id).created_at = clock.now() - timedelta(minutes=16)
    db.session.commit()
    assert "Mail has been waiting for 16 minutes" in office.open("admin.machinery.mail").words
    assert "Mails wait for a decision" in office.open("admin.day.index").words
    asked = browse.open("accounts.sign_in").submit(
        "Continue", address=make.address(make.member(), "ada@gmail.com", primary=False).address
    )
    assert asked.status == 200


def test_mail_that_came_back_says_so(office: Browser) -> None:
    mail = lost_mail("sent")
    mail.bounce = "hard"
    db.session.commit()
    assert "Came back" in office.open("admin.machinery.mail", state="sent").words
