"""What those who keep a board do: lock, pin, move, hide and restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from portal.boards import policies
from portal.boards.actions.posts import change_state
from portal.boards.models import Board, Post, Topic
from portal.core import audit
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.policy import require

if TYPE_CHECKING:
    from portal.core.access import Viewer

NOT_YOURS = "Only a moderator of this board can do this."


def lock_topic(topic: Topic, locked: bool, *, by: Viewer) -> None:
    """Close a topic to replies, or open it."""
    require(policies.can_moderate(by, topic.board_id), NOT_YOURS)
    topic.is_locked = locked
    audit.record("lock topic" if locked else "unlock topic", topic, by=by)


def pin_topic(topic: Topic, pinned: bool, *, by: Viewer) -> None:
    """Keep a topic at the top of its board, or let it go."""
    require(policies.can_moderate(by, topic.board_id), NOT_YOURS)
    topic.is_pinned = pinned
    audit.record("pin topic" if pinned else "unpin topic", topic, by=by)


def move_topic(topic: Topic, board: Board, *, by: Viewer) -> None:
    """Move a topic to another board that the moderator keeps too; its address stays, its audience changes."""
    require(policies.can_moderate(by, topic.board_id) and policies.can_moderate(by, board.id), NOT_YOURS)
    if topic.board_id == board.id:
        raise Invalid("The topic is on this board already.", "board")
    if topic.home_url or board.home_url:
        raise Invalid("Comments stay with what they comment.", "board")
    old = topic.board_id
    topic.board_id, topic.is_pinned = board.id, False
    db.session.execute(update(Post).where(Post.topic_id == topic.id).values(board_id=board.id))
    db.session.flush()
    recount_board(old, by=by)
    recount_board(board.id, by=by)
    audit.record("move topic", topic, by=by, note=f"{old} → {board.id}")


def set_post_state(post: Post, state: str, reason: str = "", *, by: Viewer) -> None:
    """Hide or restore a post; moderation keeps the record and tells the author."""
    require(by.system or (policies.can_moderate(by, post.board_id) and not by.is_person(post.author_id)), NOT_YOURS)
    change_state(post, state, reason, by=by)
    audit.record(f"set post {state}", post, by=by, note=reason)


def recount_board(board_id: int, *, by: Viewer) -> None:
    """Set a board's counters to a recount (T2)."""
    require(by.system or policies.can_moderate(by, board_id), NOT_YOURS)
    topics = select(func.count()).select_from(Topic).where(Topic.board_id == board_id, Topic.is_hidden.is_(False))
    posts = select(func.count()).select_from(Post).where(Post.board_id == board_id, Post.state == "visible")
    newest = (
        select(Topic.id)
        .where(Topic.board_id == board_id, Topic.is_hidden.is_(False))
        .order_by(Topic.last_posted_at.desc(), Topic.id.desc())
    )
    latest = select(func.max(Topic.last_posted_at)).where(Topic.board_id == board_id, Topic.is_hidden.is_(False))
    db.session.execute(
        update(Board).where(Board.id == board_id).values(
            topic_count=topics.scalar_subquery(), post_count=posts.scalar_subquery(),
            last_topic_id=newest.limit(1).scalar_subquery(), last_posted_at=latest.scalar_subquery(),
        )
    )  # fmt: skip
