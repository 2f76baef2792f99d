"""Comments on something that another feature shows: a topic on a board that has its audience, so that M1 holds for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from portal.boards import policies
from portal.boards.actions.keeping import recount_board
from portal.boards.actions.setup import write_audience
from portal.boards.grants import grants
from portal.boards.models import Board, Post, Topic
from portal.boards.slugs import slug_of
from portal.careers.audiences import audience_of
from portal.core import audit, stamps
from portal.core.access import system_viewer
from portal.core.db import add, db
from portal.core.policy import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.core.access import Viewer

ONLY_HOST = "Only those who publish for the host can do this."


def board_of_comments(home_url: str, name: str, lines: Sequence[dict[str, Any]], *, by: Viewer) -> Board:
    """The board for what is shown at this address to this audience: one for each audience, made when it is first needed."""
    require(policies.can_open_comments(by), ONLY_HOST)
    wanted = frozenset(audience_of(line) for line in lines)
    for rule in grants().rules.values():
        if rule.home_url == home_url and frozenset(rule.audiences) == wanted:
            return db.session.execute(select(Board).where(Board.id == rule.board_id)).scalar_one()
    board = Board(name=_free(name), slug=slug_of(name), home_url=home_url, starters="staff")
    add(board)
    write_audience(board, tuple(lines), by=by)
    stamps.bump("boards")
    audit.record("create board of comments", board, by=by, note=board.name, after={"audiences": list(lines)})
    return board


def open_comments(board: Board, title: str, home_url: str, *, by: Viewer) -> Topic:
    """A topic without a first post: the thing at this address is what it is about."""
    require(policies.can_open_comments(by), ONLY_HOST)
    topic = Topic(
        board_id=board.id, author_id=by.person_id, last_author_id=by.person_id, title=title, slug=slug_of(title),
        home_url=home_url,
    )  # fmt: skip
    db.session.execute(update(Board).where(Board.id == board.id).values(topic_count=Board.topic_count + 1))
    return add(topic)


def retitle_comments(topic: Topic, title: str, *, by: Viewer) -> None:
    """What is commented has another title now."""
    require(policies.can_open_comments(by), ONLY_HOST)
    topic.title, topic.slug = title, slug_of(title)
    db.session.flush()


def move_comments(topic: Topic, board: Board, *, by: Viewer) -> None:
    """What is commented has another audience now, and its comments with it; their addresses stay."""
    require(policies.can_open_comments(by), ONLY_HOST)
    old, topic.board_id = topic.board_id, board.id
    db.session.execute(update(Post).where(Post.topic_id == topic.id).values(board_id=board.id))
    db.session.flush()
    for board_id in (old, board.id):
        recount_board(board_id, by=system_viewer())
    audit.record("move comments", topic, by=by, note=f"{old} → {board.id}")


def end_comments(topic: Topic, *, by: Viewer) -> None:
    """What was commented is gone: its comments are found nowhere any more."""
    require(policies.can_open_comments(by), ONLY_HOST)
    if not topic.is_hidden:
        topic.is_hidden = topic.is_locked = True
        db.session.execute(update(Board).where(Board.id == topic.board_id).values(topic_count=Board.topic_count - 1))
        audit.record("end comments", topic, by=by)


def _free(name: str) -> str:
    """The name, or with a number when an older audience has it."""
    taken = set(db.session.scalars(select(Board.name).where(Board.name.startswith(name[:72], autoescape=True))))
    names = [name[:80], *(f"{name[:72]} ({number})" for number in range(2, len(taken) + 3))]
    return next(each for each in names if each not in taken)
