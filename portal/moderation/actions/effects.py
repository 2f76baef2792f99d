"""What decisions do to things and people, and how it is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.boards import actions as boards
from portal.boards import queries as board_queries
from portal.boards.models import Post
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.core.policy import require
from portal.moderation import policies, queries, reasons
from portal.moderation.models import Case
from portal.people import actions as people
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from portal.boards.models import Board
    from portal.core.access import Viewer
    from portal.moderation.models import Decision

NO_STANDING = "You can't suspend this person."


def hide(case: Case, decision: Decision, by: Viewer) -> None:
    """Take the thing out of sight, with the reason beside it."""
    require(by.is_member, NO_STANDING)
    if queries.thing_of(case) is not None:
        actor = by if policies.in_scope(by, case.board_id) else system_viewer()
        queries.reportable(case.kind).set_hidden(case.thing_id, True, reasons.label(decision.reason).lower(), by=actor)


def show(case: Case, by: Viewer) -> None:
    """What is not hidden by a decision is shown: held posts are let through, what reports had hidden comes back."""
    require(by.is_member or by.system, NO_STANDING)
    thing = queries.thing_of(case)
    if thing is None:
        return
    if thing.state == "held" and policies.in_scope(by, case.board_id):
        boards.answer_held(board_queries.any_post(case.thing_id), by=by)
    elif thing.state in ("held", "hidden"):
        queries.reportable(case.kind).set_hidden(case.thing_id, False, "", by=system_viewer())


def apply(decision: Decision, case: Case, by: Viewer) -> None:
    """Beside the hiding, which came first: lock, move, suspend."""
    require(by.is_member, NO_STANDING)
    if not queries.hiding_in_force(case, beside=0):
        show(case, by)
    if decision.verb == "lock":
        boards.lock_topic(board_queries.any_post(case.thing_id).topic, True, by=by)
    elif decision.verb == "move":
        _move(case, decision.to_board_id, by)
    elif decision.verb == "suspend":
        _pause(decision, case, by)


def undo(decision: Decision, case: Case, by: Viewer) -> None:
    """As it was before, as far as no other decision wants it otherwise."""
    require(by.is_member or by.system, NO_STANDING)
    if decision.hides and not queries.hiding_in_force(case, beside=decision.id):
        show(case, system_viewer())
    if decision.in_force_at is None:
        return
    if decision.verb == "lock":
        boards.lock_topic(board_queries.any_post(case.thing_id).topic, False, by=by)
    elif decision.verb == "move":
        _move(case, decision.from_board_id, by)
    elif decision.verb == "suspend":
        _unpause(decision, case, by)


def _move(case: Case, board_id: int | None, by: Viewer) -> None:
    """Cases about the topic's posts follow it: they belong to the new board's moderators."""
    post = board_queries.any_post(case.thing_id)
    boards.move_topic(post.topic, _board(board_id), by=by)
    of_topic = select(Post.public_id).where(Post.topic_id == post.topic_id)
    moved = update(Case).where(Case.kind == "post", Case.thing_id.in_(of_topic)).values(board_id=board_id)
    db.session.execute(moved.execution_options(synchronize_session=False))
    db.session.refresh(case, ["board_id"])


def _board(board_id: int | None) -> Board:
    return next(board for board in board_queries.all_boards() if board.id == board_id)


def _pause(decision: Decision, case: Case, by: Viewer) -> None:
    require(policies.can_suspend(by, viewer_of(case.author_id)), NO_STANDING)
    running = [each.suspended_until for each in queries.suspensions_in_force(case.author_id)]
    until = max(each for each in (*running, decision.suspended_until) if each is not None)
    people.suspend(person_by_id(case.author_id), until, by=by)


def _unpause(decision: Decision, case: Case, by: Viewer) -> None:
    person = person_by_id(case.author_id)
    others = [each for each in queries.suspensions_in_force(case.author_id) if each.id != decision.id]
    if others and others[-1].suspended_until:
        people.suspend(person, others[-1].suspended_until, by=by)
    else:
        people.lift_suspension(person, by=by)
