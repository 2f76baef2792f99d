"""Referrals in every stage, stories of influence, deputies: done by the members and staff themselves, then dated back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.access import viewer_of
from portal.core.audit import AuditRow
from portal.core.db import db
from portal.core.partial_dates import PartialDate
from portal.core.text import plain
from portal.core.workdays import add_workdays
from portal.demo.sheets import DATA, lines_of
from portal.demo.stage import public_id
from portal.notifications.models import Notification
from portal.people.queries import holders
from portal.referrals import actions, ledger
from portal.referrals.actions import Lead, Plan
from portal.referrals.models import InfluenceStory, Referral, ReferralConsent, ReferralCredit, ReferralEvent
from portal.referrals.stages import LOST, STAGES, stage_of

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from portal.core.access import Viewer
    from portal.demo.stage import Stage
    from portal.people.models import Person

WHY_NOT = {"lead": "No budget", "candidate": "The place was filled", "partner": "Went with somebody else"}


class Line(NamedTuple):
    """A referral as it is written down."""

    kind: str
    about: str  # the company, or the job
    name: str
    agreed: str  # yes, or no: not asked yet
    stage: str
    days: str  # days ago it was sent
    worth: str  # "12500 GBP" or nothing
    step: str  # "Call her in 5": the next step and in how many days, may be negative
    words: str


def add_referrals(stage: Stage) -> None:
    """The oldest first, so that credit falls where it would have fallen."""
    rng = stage.dice("referrals")
    senders = [person for _, person in stage.members() if not viewer_of(person.id).is_staff]
    workers = [viewer_of(person.id) for role in ("staff", "seller", "manager") for person in holders(role)]
    for line in sorted(_lines(), key=lambda one: -int(one.days)):
        _play(stage, line, rng.choice(senders), [one for one in workers if _may_see(one, line)], rng)
    for number, (company, when, what, answer) in enumerate(_stories()):
        _tell(stage, (company, when, what, answer), rng.choice(senders), 60 - 9 * number, rng)
    managers = holders("manager")
    for owner in holders("staff")[:2]:
        if managers and managers[0].id != owner.id:
            actions.name_deputy(managers[0], by=viewer_of(owner.id))
    db.session.flush()


def _may_see(worker: Viewer, line: Line) -> bool:
    return worker.has_role("staff", "manager") or (line.kind != "candidate" and line.agreed == "yes")


def _play(stage: Stage, line: Line, sender: Person, workers: list[Viewer], rng: Random) -> None:
    """Send it, bring it where it stands, and date every step back."""
    marks = [_last(table) for table in (ReferralEvent, Notification, AuditRow)]
    began = stage.days_ago(int(line.days), rng)
    job, company = (line.about, "") if line.kind == "candidate" else ("", line.about)
    agreed = clock.today() if line.agreed == "yes" else None
    lead = Lead(line.kind, line.name, company, job, _address(line), line.words, agreed)
    referral = actions.refer(lead, by=viewer_of(sender.id))
    worker = rng.choice(workers)
    for key in _way(line):
        reason = WHY_NOT[line.kind] if stage_of(line.kind, key).ending == LOST else ""
        words = line.step if stage_of(line.kind, key).ending else ""
        actions.move(referral, key, seen=referral.stage, words=words, reason=reason, by=worker)
    _plan(referral, line, worker)
    _date_back(stage, referral, began, marks, rng)


def _way(line: Line) -> list[str]:
    """The stages it went through; what came to nothing did so after one or two."""
    keys = [stage.key for stage in STAGES[line.kind]]
    if line.stage == "lost":
        return [*keys[1 : 3 if line.agreed == "yes" else 2], "lost"]
    return keys[1 : keys.index(line.stage) + 1]


def _plan(referral: Referral, line: Line, worker: Viewer) -> None:
    amount, _, currency = line.worth.partition(" ")
    step, _, days = line.step.rpartition(" in ")
    if referral.ending or not step:
        step, days = "", ""
    on = clock.today() + timedelta(days=int(days)) if days else None
    if amount or step:
        until = max(on, clock.today()) if on else None  # one that has passed is dated back, like all else
        actions.plan(referral, Plan(step, until, int(amount) * 100 if amount else None, currency), by=worker)
        referral.next_on = on


def _date_back(stage: Stage, referral: Referral, began: datetime, marks: list[int], rng: Random) -> None:
    events = list(
        db.session.scalars(select(ReferralEvent).where(ReferralEvent.id > marks[0]).order_by(ReferralEvent.id))
    )
    span = (stage.now - began) / (len(events) + 1)
    for number, event in enumerate(events):
        event.at = began + span * number * rng.uniform(0.6, 1)
        if event.what == "plan" and referral.next_on is not None:
            event.new = f"{referral.next_step} by {referral.next_on:%Y-%m-%d}"
    referral.created_at, referral.public_id = began, public_id(rng)
    referral.accept_by = add_workdays(began, 2)
    referral.stage_since = max((event.at for event in events if event.what == "stage"), default=began)
    consents = update(ReferralConsent).where(ReferralConsent.referral_id == referral.id)
    db.session.execute(consents.values(given_on=began.date(), recorded_at=began))
    credit = update(ReferralCredit).where(ReferralCredit.referral_id == referral.id)
    db.session.execute(credit.values(until=began + timedelta(days=180)))
    ledger.set_clock(referral)
    told = {"created_at": referral.stage_since, "updated_at": referral.stage_since}
    if stage.now - referral.stage_since > timedelta(days=7):
        told["read_at"] = referral.stage_since + timedelta(hours=9)
    path = f"/referrals/{referral.public_id}"
    db.session.execute(
        update(Notification)
        .where(Notification.id > marks[1])
        .values(url=path, group_key=f"referral:{referral.public_id}", **told)
    )
    db.session.execute(update(AuditRow).where(AuditRow.id > marks[2]).values(at=began))
    db.session.flush()


def _tell(stage: Stage, line: tuple[str, str, str, str], teller: Person, days: int, rng: Random) -> None:
    company, when, what, answer = line
    marks = _last(Notification)
    story: InfluenceStory = actions.tell_influence(company, PartialDate.parse(when), what, by=viewer_of(teller.id))
    story.created_at, story.public_id = stage.days_ago(days, rng), public_id(rng)
    managers = holders("manager")
    if answer != "-" and managers:
        verdict, _, reason = answer.partition(": ")
        actions.decide_story(story, verdict == "yes", reason, by=viewer_of(managers[0].id))
        story.decided_at = at = story.created_at + timedelta(days=2)
        db.session.execute(
            update(Notification).where(Notification.id > marks).values(created_at=at, updated_at=at, read_at=at)
        )


def _address(line: Line) -> str:
    """An address at a made-up firm of its own; a candidate's is at a provider that nobody has."""
    firm = "post" if line.kind == "candidate" else line.about
    return f"{_plain(line.name)}@{_plain(firm)}.example"


def _plain(words: str) -> str:
    return "".join(char for char in plain(words) if char.isascii() and char.isalnum())


def _last(table: type[ReferralEvent | Notification | AuditRow]) -> int:
    return int(db.session.execute(select(func.coalesce(func.max(table.id), 0))).scalar_one())


def _lines() -> list[Line]:
    return [Line(*parts) for parts in _parts() if len(parts) == len(Line._fields)]


def _stories() -> list[tuple[str, str, str, str]]:
    return [(parts[0], parts[1], parts[2], parts[3]) for parts in _parts() if len(parts) == 4]


def _parts() -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in lines_of(DATA / "referrals.txt")]
