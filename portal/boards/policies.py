"""Who may read, write and keep boards; the one visibility predicate of the boards (M1)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, or_

from portal.boards.grants import grants, moderates, readable_boards
from portal.boards.models import Board, Post, Topic
from portal.core import clock, settings
from portal.core.sets import is_one_of, several

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row

    from portal.core.access import Viewer


def _board(boards: Any, **_: Any) -> ColumnElement[bool]:
    return is_one_of(Board.id, boards)


def _topic(boards: Any, me: Any, kept: Any) -> ColumnElement[bool]:
    """A hidden topic is there for its author and for those who keep its board."""
    return and_(
        is_one_of(Topic.board_id, boards),
        or_(Topic.is_hidden.is_(False), Topic.author_id == me, is_one_of(Topic.board_id, kept)),
    )


def _listed(boards: Any, **_: Any) -> ColumnElement[bool]:
    return and_(is_one_of(Topic.board_id, boards), Topic.is_hidden.is_(False))


def _found(boards: Any, **_: Any) -> ColumnElement[bool]:
    return and_(is_one_of(Post.board_id, boards), Post.state == "visible")


# The same clauses for statements that are prepared once; `reading(viewer)` fills them in.
PARAMS = {
    "boards": several("boards", Integer),
    "me": bindparam("me", type_=Integer),
    "kept": several("kept", Integer),
}
BOARD_READABLE, READABLE, LISTED, POSTS_FOUND = _board(**PARAMS), _topic(**PARAMS), _listed(**PARAMS), _found(**PARAMS)


def reading(viewer: Viewer) -> dict[str, Any]:
    """What the clauses need to know of a viewer."""
    boards = sorted(readable_boards(viewer))
    return {"boards": boards, "me": viewer.person_id, "kept": [board for board in boards if moderates(viewer, board)]}


def board_readable_by(viewer: Viewer) -> ColumnElement[bool]:
    """Boards that exist for the viewer."""
    return _board(**reading(viewer))


def readable_by(viewer: Viewer) -> ColumnElement[bool]:
    """Topics that exist for the viewer."""
    return _topic(**reading(viewer))


def listed_by(viewer: Viewer) -> ColumnElement[bool]:
    """Topics that stand in lists."""
    return _listed(**reading(viewer))


def posts_found_by(viewer: Viewer) -> ColumnElement[bool]:
    """Posts that search, lists and mails may show."""
    return _found(**reading(viewer))


def can_keep_boards(by: Viewer) -> bool:
    """Admins make boards and say who reads them (which does not let them read)."""
    return by.system or by.has_role("admin")


def can_open_comments(by: Viewer) -> bool:
    """Let members comment on what the host publishes; whoever publishes it, and the system for them."""
    return by.system or (by.is_staff and not by.is_suspended)


def can_start_topic(by: Viewer, board: Board | Row[Any]) -> bool:
    """Begin a topic on a board."""
    return by.system or grants().allow(by, board.id, "start")


def can_reply(by: Viewer, topic: Topic | Row[Any]) -> bool:
    """Write a post in a topic; a locked one only for those who keep the board."""
    open_ = not topic.is_locked or moderates(by, topic.board_id)
    return open_ and not topic.is_hidden and grants().allow(by, topic.board_id, "reply")


def can_edit(by: Viewer, post: Post, topic: Topic) -> bool:
    """One's own post, within the time for it, while the topic is open."""
    if not by.is_person(post.author_id) or post.state not in ("visible", "held") or topic.is_locked:
        return False
    hours = settings.get("edit_hours_trusted" if by.trusted else "edit_hours")
    return not by.is_suspended and clock.now() - post.created_at < timedelta(hours=hours)


def can_withdraw(by: Viewer, post: Post) -> bool:
    """One's own post; a placeholder stays (M2)."""
    return by.is_person(post.author_id) and post.state in ("visible", "held") and not by.is_suspended


def can_bring_back(by: Viewer, post: Post) -> bool:
    """One's own withdrawn post, for thirty days."""
    fresh = clock.now() - (post.edited_at or post.created_at) < timedelta(days=30)
    return by.is_person(post.author_id) and post.state == "withdrawn" and fresh


def can_read_text(by: Viewer, state: str, author_id: int, board_id: int) -> bool:
    """Whether the words of a post are for this viewer, and not only its placeholder."""
    if state == "visible":
        return True
    return state in ("held", "hidden") and (by.is_person(author_id) or moderates(by, board_id))


def can_thank(by: Viewer, post: Post) -> bool:
    """Others' posts that can be read."""
    return by.is_member and not by.is_person(post.author_id) and post.state == "visible" and not by.is_suspended


def can_moderate(by: Viewer, board_id: int) -> bool:
    """Keep this board: lock, pin, move, hide, restore."""
    return moderates(by, board_id)


def is_new(by: Viewer) -> bool:
    """A new member: their posts with links wait for a moderator (limits)."""
    return by.joined_at is not None and clock.now() - by.joined_at < timedelta(days=settings.get("new_member_days"))
