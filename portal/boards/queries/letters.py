"""What the weekly letter asks of the boards: a few rows, never by or about people whom the reader has blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, func, not_, select

from portal.boards import policies
from portal.boards.grants import grants
from portal.boards.models import Board, BoardReader, Post, Topic, TopicReader
from portal.boards.queries.columns import AUTHOR, HORIZON, ME
from portal.boards.queries.lists import UNREAD
from portal.core.db import rows, scalars
from portal.core.sets import is_one_of, several
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select

    from portal.core.access import Viewer

OTHERS = several("others", Integer)  # oneself, and people one does not meet
TOPICS = several("topics", Integer)
TOLD = several("told", Integer)
MOST: Any = bindparam("most", type_=Integer)
_LEVEL = func.coalesce(TopicReader.level, "")
_LATELY = (
    select(Topic.id, Topic.public_id, Topic.slug, Topic.home_url, Topic.title, Board.name.label("board_name"))
    .join(Board, Board.id == Topic.board_id)
    .join(Person, Person.id == Topic.author_id)
    .outerjoin(TopicReader, and_(TopicReader.topic_id == Topic.id, TopicReader.person_id == ME))
    .outerjoin(BoardReader, and_(BoardReader.board_id == Topic.board_id, BoardReader.person_id == ME))
    .where(policies.LISTED, Topic.last_posted_at > HORIZON)
    .limit(MOST)
)
_FOLLOWED = _LATELY.where(UNREAD, _LEVEL == "follow").order_by(Topic.last_posted_at.desc(), Topic.id.desc())
_BEGUN = _LATELY.where(
    UNREAD, _LEVEL != "follow", Topic.home_url == "", Topic.created_at > HORIZON, not_(is_one_of(Topic.author_id, OTHERS))
).order_by(Topic.post_count.desc(), Topic.id.desc())  # fmt: skip
_UNANSWERED = _LATELY.where(
    Topic.post_count <= 1, Topic.home_url == "", _LEVEL != "mute", Topic.is_locked.is_(False), Person.listed, not_(is_one_of(Topic.author_id, OTHERS)),
    not_(is_one_of(Topic.id, TOLD)),
).order_by(Topic.title.contains("?").desc(), Topic.created_at.desc(), Topic.id.desc())  # fmt: skip
_POSTS = (
    select(Post.topic_id, Post.public_id, Post.html, *AUTHOR)
    .join(Person, Person.id == Post.author_id)
    .where(Post.state == "visible")
)
_FIRST = _POSTS.where(is_one_of(Post.topic_id, TOPICS), Post.number == 1)


def _newest() -> Select[*tuple[Any, ...]]:
    """The last of the posts that a member has not read in each topic, and how many there are."""
    unread = (
        select(Post.topic_id, func.max(Post.number).label("number"), func.count().label("unread"))
        .outerjoin(TopicReader, and_(TopicReader.topic_id == Post.topic_id, TopicReader.person_id == ME))
        .where(
            is_one_of(Post.topic_id, TOPICS), Post.state == "visible", not_(is_one_of(Post.author_id, OTHERS)),
            Post.number > func.coalesce(TopicReader.last_read, 0),
        )
        .group_by(Post.topic_id)
        .subquery()
    )  # fmt: skip
    here = and_(unread.c.topic_id == Post.topic_id, unread.c.number == Post.number)
    return _POSTS.join(unread, here).add_columns(unread.c.unread)


_NEWEST = _newest()
Told = list[tuple["Row[Any]", "Row[Any]"]]


def followed_for_letter(viewer: Viewer, since: datetime, limit: int) -> Told:
    """Topics that the viewer follows with something unread, each with the newest post of somebody else."""
    found = rows(_FOLLOWED, **_asking(viewer), horizon=since, most=limit)
    return _with_posts(viewer, found, _NEWEST)


def begun_for_letter(viewer: Viewer, since: datetime, limit: int) -> Told:
    """Topics that others began and the viewer has not seen, the most talked about first, each with its first post."""
    found = rows(_BEGUN, **_asking(viewer), horizon=since, most=limit)
    return _with_posts(viewer, found, _FIRST)


def unanswered_for_letter(viewer: Viewer, since: datetime, told: frozenset[int]) -> Told:
    """A topic that nobody answered, where the viewer may; one that asks something before others."""
    asking = _asking(viewer)
    asking["boards"] = [board for board in asking["boards"] if grants().allow(viewer, board, "reply")]
    return _with_posts(viewer, rows(_UNANSWERED, **asking, horizon=since, most=1, told=sorted(told)), _FIRST)


def still_for_letter(viewer: Viewer, post_ids: set[str]) -> set[str]:
    """Which posts the viewer may still read, by people whom they meet."""
    found = select(Post.public_id).join(Topic, Topic.id == Post.topic_id)
    found = found.where(Post.public_id.in_(post_ids), policies.posts_found_by(viewer), Topic.is_hidden.is_(False))
    return set(scalars(found.where(Post.author_id.not_in(viewer.blocks))))


def _asking(viewer: Viewer) -> dict[str, Any]:
    params = policies.reading(viewer)
    return {name: params[name] for name in ("boards", "me")} | {"others": [viewer.person_id, *viewer.blocks]}


def _with_posts(viewer: Viewer, topics: Sequence[Row[Any]], posts: Select[*tuple[Any, ...]]) -> Told:
    """Each topic with its post; a topic none of whose posts may be shown is left out."""
    if not topics:
        return []
    asking = {"topics": [topic.id for topic in topics], "others": [viewer.person_id, *viewer.blocks]}
    found = {post.topic_id: post for post in rows(posts, **asking, me=viewer.person_id)}
    return [(topic, found[topic.id]) for topic in topics if topic.id in found]
