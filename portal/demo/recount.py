"""The proof that a loaded community is in order: counters equal a recount, and everybody may read what they wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from portal.accounts.models import InvitationWave
from portal.accounts.queries.waves import counted
from portal.boards.grants import grants
from portal.boards.models import Board, Post, PostThanks, Topic, TopicReader
from portal.careers.models import Relation
from portal.core import clock
from portal.core.access import STAFF_ROLES, viewer_of
from portal.core.db import db
from portal.moderation.models import Case, Report
from portal.people.models import Person, PersonRole

if TYPE_CHECKING:
    from collections.abc import Iterator


def problems() -> list[str]:
    """Everything that is not as it must be, in sentences; an empty list is a good one."""
    return [
        line for check in (_topics, _boards, _thanks, _authors, _roles, _people, _reports, _waves) for line in check()
    ]


def _topics() -> Iterator[str]:
    shown = func.count().filter(Post.state == "visible")
    counted = db.session.execute(
        select(Post.topic_id, func.count(), shown, func.max(Post.number)).group_by(Post.topic_id)
    )
    found = {topic_id: (total, visible, last) for topic_id, total, visible, last in counted}
    for topic in db.session.scalars(select(Topic)):
        total, visible, last = found.get(topic.id, (0, 0, 0))
        if (topic.post_count, topic.last_number) != (visible, last) or total != last:
            counts = f"{topic.post_count}/{topic.last_number}"
            yield f"Topic {topic.id} counts {counts}, it has {visible} of {total}, last {last}."


def _boards() -> Iterator[str]:
    shown = select(Post.board_id, func.count()).where(Post.state == "visible").group_by(Post.board_id)
    posts: dict[int, int] = dict(_pairs(shown))
    topics = dict(
        _pairs(select(Topic.board_id, func.count()).where(Topic.is_hidden.is_(False)).group_by(Topic.board_id))
    )
    for board in db.session.scalars(select(Board)):
        if (board.topic_count, board.post_count) != (topics.get(board.id, 0), posts.get(board.id, 0)):
            yield f"Board {board.name} counts {board.topic_count}/{board.post_count}."


def _thanks() -> Iterator[str]:
    given = dict(_pairs(select(PostThanks.post_id, func.count()).group_by(PostThanks.post_id)))
    for post_id, count in _pairs(select(Post.id, Post.thanks_count)):
        if given.get(post_id, 0) != count:
            yield f"Post {post_id} counts {count} thanks, it has {given.get(post_id, 0)}."


def _authors() -> Iterator[str]:
    wrote = select(Post.author_id, Post.board_id).union(
        select(PostThanks.person_id, Post.board_id).join(Post, Post.id == PostThanks.post_id),
        select(TopicReader.person_id, Topic.board_id).join(Topic, Topic.id == TopicReader.topic_id),
    )
    boards: dict[int, set[int]] = {}
    for person_id, board_id in _pairs(wrote):
        boards.setdefault(person_id, set()).add(board_id)
    for person_id, used in boards.items():
        if not used <= grants().readable(viewer_of(person_id)):
            yield f"Person {person_id} wrote, thanked or read on a board that they can't read."


def _roles() -> Iterator[str]:
    current = select(Relation.person_id).where(Relation.kind == "employee", Relation.open_on(clock.today()))
    staff = select(PersonRole.person_id).where(PersonRole.role.in_(STAFF_ROLES), PersonRole.ended_at.is_(None))
    for person_id in db.session.scalars(staff.where(PersonRole.person_id.not_in(current))):
        yield f"Person {person_id} holds a role of the host's staff, but does not work there."


def _people() -> Iterator[str]:
    wrong = select(Person.id).where(
        Person.listed
        != (Person.claimed_at.is_not(None) & Person.stepped_back_at.is_(None) & Person.is_system.is_(False))
    )
    for person_id in db.session.scalars(wrong):
        yield f"Person {person_id} is listed, or not, without a reason."


def _reports() -> Iterator[str]:
    open_ = dict(_pairs(select(Report.case_id, func.count()).where(Report.state == "open").group_by(Report.case_id)))
    for case_id, count in _pairs(select(Case.id, Case.reports_count).where(Case.open_key.is_not(None))):
        if open_.get(case_id, 0) != count:
            yield f"Case {case_id} counts {count} reports, it has {open_.get(case_id, 0)}."


def _pairs(statement: Any) -> Any:
    return db.session.execute(statement).all()


def _waves() -> Iterator[str]:
    for wave in db.session.scalars(select(InvitationWave)):
        wrong = {name: number for name, number in counted(wave.id).items() if getattr(wave, name) != number}
        if wrong:
            yield f"The invitations “{wave.name}” should count {wrong}."
