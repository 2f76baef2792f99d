"""Posts that wait for a moderator, reports, decisions and appeals: done by the members themselves, then dated back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from portal.boards.actions import post_reply
from portal.boards.models import Post
from portal.core.access import viewer_of
from portal.core.audit import AuditRow
from portal.core.db import db
from portal.demo.rooms import ROOMS
from portal.demo.sheets import DATA, lines_of
from portal.demo.stage import Stage, public_id
from portal.demo.talks import extras
from portal.moderation import actions, queries
from portal.moderation.models import Appeal, Case, Decision, Report
from portal.notifications.models import Notification

if TYPE_CHECKING:
    from random import Random

    from portal.core.access import Viewer


@dataclass(slots=True)
class Dispute:
    """A case as it is written down."""

    topic: str
    number: int
    days_ago: int
    reports: list[tuple[str, str]] = field(default_factory=list)
    decision: tuple[str, str, str, str] | None = None  # what, reason, moderator, words
    appeal: tuple[str, str, str, str] | None = None  # words, outcome, moderator, answer


def add_disputes(stage: Stage) -> None:
    """First what is long decided, then what is open."""
    rng = stage.dice("disputes")
    for dispute in _read():
        _settle(stage, dispute, rng)
    _hold(stage, rng)
    db.session.flush()


def _hold(stage: Stage, rng: Random) -> None:
    """New members' posts with links wait for a moderator."""
    for extra in extras():
        if extra.is_held:
            topic = next(topic for script, topic in stage.topics if script.title == extra.topic)
            post = post_reply(topic, extra.text, by=_viewer(stage, extra.name))
            at, new_id = stage.now - timedelta(hours=extra.hours), public_id(rng)
            dated = {"opened_at": at, "thing_id": new_id, "open_key": f"post:{new_id}"}
            db.session.execute(update(Case).where(Case.thing_id == post.public_id).values(**dated))
            post.created_at, post.public_id = at, new_id
            stage.posts.append(post)


def _settle(stage: Stage, dispute: Dispute, rng: Random) -> None:
    topic = next(topic for script, topic in stage.topics if script.title == dispute.topic)
    post = next(post for post in stage.posts if post.topic_id == topic.id and post.number == dispute.number)
    audited, told = _last(AuditRow), _last(Notification)
    case = _report(stage, dispute, post, rng)
    opened = max(post.created_at + timedelta(minutes=40), stage.days_ago(dispute.days_ago, rng))
    db.session.execute(update(Report).where(Report.case_id == case.id).values(created_at=opened))
    case.opened_at = opened
    if dispute.decision:
        _decide(stage, dispute, case, min(opened + timedelta(hours=7), stage.now - timedelta(hours=1)))
    at = case.decided_at or opened
    read = at + timedelta(hours=9) if case.decided_at and stage.now - at > timedelta(days=7) else None
    db.session.execute(update(AuditRow).where(AuditRow.id > audited).values(at=at))
    db.session.execute(
        update(Notification).where(Notification.id > told).values(created_at=at, updated_at=at, read_at=read)
    )


def _report(stage: Stage, dispute: Dispute, post: Post, rng: Random) -> Case:
    thing = queries.reportable("post").load(post.public_id)
    slug = next(slug for slug, board in stage.boards.items() if board.id == post.board_id)
    today = stage.now.date()
    keepers = {stage.people[name].id for room in ROOMS.values() for name in room.keepers}
    keepers |= {person.id for person in stage.marked("moderator")}
    readers = [
        person.id
        for sheet, person in stage.members()
        if ROOMS[slug].is_open_to(sheet, today) and person.id not in {post.author_id, *keepers}
    ]
    reporters = [viewer_of(person_id) for person_id in rng.sample(readers, len(dispute.reports))]
    cases = [
        actions.report_thing(thing, reason, words, by=reporter)
        for reporter, (reason, words) in zip(reporters, dispute.reports, strict=True)
    ]
    return cases[0]


def _decide(stage: Stage, dispute: Dispute, case: Case, at: datetime) -> None:
    assert dispute.decision  # noqa: S101 - asked by the caller
    what, reason, moderator, words = dispute.decision
    decision = actions.decide(case, actions.Order(what, reason, words), by=_viewer(stage, moderator))
    if dispute.appeal:
        _appeal(stage, dispute.appeal, decision, case, at)
    decision.at = decision.in_force_at = case.decided_at = at
    db.session.execute(update(Report).where(Report.case_id == case.id).values(closed_at=at))


def _appeal(stage: Stage, written: tuple[str, str, str, str], decision: Decision, case: Case, at: datetime) -> None:
    words, outcome, moderator, answer = written
    db.session.refresh(decision, ["appeal", "case"])
    appeal = actions.open_appeal(decision, words, by=viewer_of(case.author_id))
    appeal.opened_at = min(at + timedelta(days=1), stage.now - timedelta(hours=20))
    if outcome != "-":
        appeal = _with_decision(appeal)
        actions.answer_appeal(appeal, outcome == "granted", answer, by=_viewer(stage, moderator))
        appeal.decided_at = decision.reversed_at = at + timedelta(days=2)


def _with_decision(appeal: Appeal) -> Appeal:
    db.session.flush()
    db.session.refresh(appeal, ["decision"])
    return appeal


def _viewer(stage: Stage, name: str) -> Viewer:
    return viewer_of(stage.people[name].id)


def _last(table: type[AuditRow | Notification]) -> int:
    return db.session.execute(select(func.coalesce(func.max(table.id), 0))).scalar_one()


def _read() -> list[Dispute]:
    found: list[Dispute] = []
    for line in lines_of(DATA / "cases.txt"):
        key, _, text = line.partition(" ")
        parts = [part.strip() for part in text.split("|")]
        if key == "c":
            found.append(Dispute(parts[0], int(parts[1]), int(parts[2])))
        elif key == "r":
            found[-1].reports.append((parts[0], parts[1]))
        elif key == "d":
            found[-1].decision = (parts[0], parts[1], parts[2], parts[3])
        else:
            found[-1].appeal = (parts[0], parts[1], parts[2], parts[3])
    return found
