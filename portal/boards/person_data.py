"""What boards keep about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, delete, func, select, update

from portal.boards.forgetting import forget_name
from portal.boards.models import (
    Board,
    BoardModerator,
    BoardReader,
    Draft,
    Post,
    PostMention,
    PostThanks,
    Topic,
    TopicReader,
)
from portal.boards.policies import board_readable_by, readable_by
from portal.core.access import viewer_of
from portal.core.db import db, rows, scalars

OWNED: tuple[Any, ...] = (TopicReader, BoardReader, Draft, PostThanks, PostMention, BoardModerator)


class BoardsData:
    """Posts stay readable under “Former member”; places, drafts and thanks go."""

    tables = ("topic", "post", *(table.__tablename__ for table in OWNED))

    def count(self, person_id: int) -> int:
        """How many posts the person wrote."""
        return db.session.execute(
            select(func.count()).select_from(Post).where(Post.author_id == person_id)
        ).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """The person's posts and drafts, their thanks, and what they read, follow, mute or keep."""
        posts = rows(
            select(Post.public_id, Post.number, Topic.title, Post.body, Post.created_at)
            .join(Topic)
            .where(Post.author_id == person_id)
        )
        drafts = scalars(select(Draft).where(Draft.person_id == person_id))
        return {
            "posts": [dict(row._mapping) for row in posts],  # noqa: SLF001 - the documented way to a row's mapping
            "drafts": [{"place": draft.place, "title": draft.title, "body": draft.body} for draft in drafts],
        } | _reading(person_id)

    def move(self, old_id: int, new_id: int) -> None:
        """Posts and topics follow a merge; of double places, thanks and drafts the new account's stay."""
        for written, column in ((Topic, "author_id"), (Topic, "last_author_id"), (Post, "author_id")):
            db.session.execute(update(written).where(getattr(written, column) == old_id).values({column: new_id}))
        for table in OWNED:
            keys = [key.name for key in table.__table__.primary_key if key.name != "person_id"]
            if "id" not in keys:
                theirs = select(getattr(table, keys[0])).where(table.person_id == new_id)
                if table is PostThanks:
                    _count_less(PostThanks.person_id == old_id, PostThanks.post_id.in_(theirs))
                db.session.execute(delete(table).where(table.person_id == old_id, getattr(table, keys[0]).in_(theirs)))
            db.session.execute(update(table).where(table.person_id == old_id).values(person_id=new_id))

    def erase(self, person_id: int) -> None:
        """Forget places, drafts, thanks and mentions, and the name in others' words; posts stay with the thread (P5)."""
        forget_name(person_id)
        _count_less(PostThanks.person_id == person_id)
        for table in OWNED:
            db.session.execute(delete(table).where(table.person_id == person_id))


def _reading(person_id: int) -> dict[str, Any]:
    """Thanks and places; what somebody may not read any more is not named."""
    viewer = viewer_of(person_id)
    topic = case((readable_by(viewer), Topic.title)).label("topic")
    board = case((board_readable_by(viewer), Board.name)).label("board")
    thanks = select(topic, Post.number.label("post"), PostThanks.given_at).join_from(PostThanks, Post)
    thanks = thanks.join(Topic)
    how = case((TopicReader.level == "", "read"), else_=TopicReader.level).label("how")
    topics = select(topic, how, TopicReader.last_read.label("read_up_to"), TopicReader.read_at).select_from(TopicReader)
    boards = select(board, BoardReader.seen_at, BoardReader.read_until).join_from(BoardReader, Board)
    keeps = select(Board.name.label("board"), BoardModerator.since).join_from(BoardModerator, Board)
    found = {
        "thanks_given": thanks.where(PostThanks.person_id == person_id).order_by(PostThanks.given_at, Post.id),
        "topics_read": topics.join(Topic).where(TopicReader.person_id == person_id).order_by(TopicReader.topic_id),
        "boards_read": boards.where(BoardReader.person_id == person_id).order_by(BoardReader.board_id),
        "boards_kept": keeps.where(BoardModerator.person_id == person_id).order_by(BoardModerator.board_id),
    }
    return {name: [dict(row._mapping) for row in rows(statement)] for name, statement in found.items()}  # noqa: SLF001


def _count_less(*which: Any) -> None:
    """Thanks that go are not counted any more (T2)."""
    thanked = select(PostThanks.post_id).where(*which)
    db.session.execute(update(Post).where(Post.id.in_(thanked)).values(thanks_count=Post.thanks_count - 1))
