"""What waits for an admin today: counted, weighed, each with one next step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, or_, select

from portal.accounts.models import AddressDispute, Applicant, EmailAddress, Invitation, RecoveryCase
from portal.core import clock, doctor
from portal.core.db import db
from portal.core.memory import Memory
from portal.moderation.models import Case
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from portal.core.doctor import Finding

BAD, WARN, INFO = 0, 1, 2
LONG_WAIT = timedelta(days=2)  # for people who ask to join, and for reports
SOON = timedelta(days=3)
# What a finding of the self-check means for people, and the page it leads to when there is a better one than its own.
PLACES = {
    "Dead letters": ("Work was given up", "admin.machinery.work", "Look at the jobs"),
    "Worker": ("Work is not taken up", "admin.machinery.work", "Look at the jobs"),
    "Outbox": ("Mails wait for a decision", "admin.machinery.mail", "Look at the mails"),
    "Admins": ("There is one admin only", "admin.people.index", "Find a second one"),
}
_found: Memory[int, list[Finding]] = Memory(1)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: how bad it is, what it is, where to do it."""

    weight: int
    title: str
    note: str
    endpoint: str
    action: str
    since: datetime | None = None
    narrowed: dict[str, str] = field(default_factory=dict)  # filters of the page it leads to


def work() -> list[Task]:
    """The day's work, worst first, and of the same weight what waits longest."""
    found = [*_self_check(), *_applicants(), *_locked_out(), *_addresses(), *_reports(), *_mailboxes(), *_invitations()]
    return sorted(found, key=lambda task: (task.weight, task.since or clock.now()))


def findings() -> list[Finding]:
    """What the self-check found within the last minute; some checks ask other machines."""
    return _found.get(int(clock.now().timestamp() // 60), lambda: list(doctor.examine()))


def _self_check() -> Iterator[Task]:
    for finding in findings():
        if finding.todo:
            usual = (finding.name, "admin.machinery.self_check", "Open the self-check")
            title, endpoint, action = PLACES.get(finding.name, usual)
            yield Task(WARN if finding.is_hint else BAD, title, finding.todo, endpoint, action)


def _waiting(asked_at: Any, waits: Any) -> Iterator[tuple[int, datetime, int]]:
    """How many wait, since when, and how heavily that weighs; nothing where nobody does."""
    count, since = db.session.execute(select(func.count(), func.min(asked_at)).where(waits)).one()
    if count:
        yield count, since, BAD if clock.now() - since > LONG_WAIT else WARN


def _applicants() -> Iterator[Task]:
    for count, since, weight in _waiting(Applicant.created_at, Applicant.state == "waiting"):
        title = "Somebody asks to join" if count == 1 else f"{count} people ask to join"
        yield Task(weight, title, "Each of them waits for a yes or a no.", "admin.applicants.index", "Decide", since)


def _locked_out() -> Iterator[Task]:
    for count, since, weight in _waiting(RecoveryCase.created_at, RecoveryCase.state.in_(("proved", "proposed"))):
        title = "Somebody can’t get in any more" if count == 1 else f"{count} people can’t get in any more"
        yield Task(weight, title, "Two admins look at each of them.", "admin.recovery.index", "Look at it", since)


def _addresses() -> Iterator[Task]:
    for count, since, weight in _waiting(AddressDispute.created_at, AddressDispute.state == "open"):
        title = "An address is in question" if count == 1 else f"{count} addresses are in question"
        note = "Two accounts say that it is theirs." if count == 1 else "Two accounts say of each that it is theirs."
        yield Task(weight, title, note, "admin.disputes.index", "Decide", since)


def _reports() -> Iterator[Task]:
    old = and_(Case.state.in_(("open", "waiting")), Case.opened_at < clock.now() - LONG_WAIT)
    for count, since, weight in _waiting(Case.opened_at, old):
        title = "A report waits too long" if count == 1 else f"{count} reports wait too long"
        note = "Moderators decide, not you. Look whether there are enough of them, and ask them."
        yield Task(
            weight, title, note, "admin.people.index", "See who moderates", since, narrowed={"role": "moderator"}
        )


def _mailboxes() -> Iterator[Task]:
    broken = exists().where(EmailAddress.person_id == Person.id, EmailAddress.state.in_(("suspended", "dead")))
    fine = exists().where(EmailAddress.person_id == Person.id, EmailAddress.state == "live")
    found = select(func.count()).select_from(Person).where(Person.claimed_at.is_not(None), broken, ~fine)
    if count := db.session.execute(found).scalar_one():
        title = "No mail gets through to a member" if count == 1 else f"No mail gets through to {count} members"
        note = "Their mailboxes refused it. Reach them some other way while they can still sign in."
        yield Task(WARN, title, note, "admin.people.index", "See who", narrowed={"state": "unreachable"})


def _invitations() -> Iterator[Task]:
    now = clock.now()
    unanswered = (Invitation.claimed_at.is_(None), Invitation.ended_at.is_(None), Person.claimed_at.is_(None))
    soon = Invitation.expires_at.between(now, now + SOON)
    over = Invitation.expires_at < now
    found = select(func.count().filter(soon), func.count().filter(over), func.count().filter(or_(soon, ~over)))
    ending, ended, open_ = db.session.execute(
        found.join(Person, Person.id == Invitation.person_id).where(*unanswered)
    ).one()
    if ending or ended:
        title = "Invitations run out" if ending + ended > 1 else "An invitation runs out"
        told = (
            f"{ending} of {open_} open ones within three days" if ending else "",
            f"{ended} unanswered already" if ended else "",
        )
        note = " and ".join(part for part in told if part) + "."
        yield Task(INFO, title, note, "admin.people.index", "See who was invited", narrowed={"state": "invited"})
