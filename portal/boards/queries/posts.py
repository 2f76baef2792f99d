"""Reading topics and their posts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.boards import policies
from portal.boards.grants import readable_boards
from portal.boards.index import POSTS
from portal.boards.models import (
    Board,
    BoardModerator,
    BoardReader,
    Draft,
    Post,
    PostMention,
    PostRevision,
    PostThanks,
    Topic,
    TopicReader,
)
from portal.core.db import db, get_one, is_sqlite, rows, scalars
from portal.core.errors import Missing
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, Select

    from portal.core.access import Viewer

from portal.boards.queries.columns import AUTHOR, ME, NO_POST, NO_TOPIC

_TOPIC = (
    select(Topic)
    .join(Topic.board)
    .where(Topic.public_id == bindparam("public_id"), policies.READABLE)
    .options(contains_eager(Topic.board))
)
_OPENED = (
    select(
        Topic.id, Topic.public_id, Topic.slug, Topic.title, Topic.board_id, Topic.home_url, Topic.author_id, Topic.is_pinned, Topic.is_locked, Topic.is_hidden,
        Topic.last_number, Topic.last_posted_at, Board.public_id.label("board_public_id"), Board.slug.label("board_slug"),
        Board.name.label("board_name"), Board.home_url.label("board_home_url"),
        TopicReader.last_read, TopicReader.level, BoardReader.read_until, Draft.body.label("draft"),
        Draft.saved_at.label("draft_at"),
    )
    .join(Board, Board.id == Topic.board_id)
    .outerjoin(TopicReader, and_(TopicReader.topic_id == Topic.id, TopicReader.person_id == ME))
    .outerjoin(BoardReader, and_(BoardReader.board_id == Topic.board_id, BoardReader.person_id == ME))
    .outerjoin(Draft, and_(Draft.place == bindparam("place"), Draft.person_id == ME))
    .where(Topic.public_id == bindparam("public_id"), policies.READABLE)
)  # fmt: skip
_POSTS = (
    select(
        Post.id, Post.public_id, Post.number, Post.html, Post.state, Post.state_reason, Post.is_official, Post.edited_at, Post.version,
        Post.thanks_count, Post.created_at, *AUTHOR, PostThanks.person_id.label("thanked"),
    )
    .join(Person, Person.id == Post.author_id)
    .outerjoin(PostThanks, and_(PostThanks.post_id == Post.id, PostThanks.person_id == ME))
    .where(Post.topic_id == bindparam("topic"), Post.number.between(bindparam("first"), bindparam("last")))
    .order_by(Post.number)
)  # fmt: skip


def topic_for(viewer: Viewer, public_id: str) -> Topic:
    """The topic with its board; what you may not read does not exist."""
    return get_one(_TOPIC, NO_TOPIC, public_id=public_id, **policies.reading(viewer))


def opened_topic(viewer: Viewer, public_id: str) -> Row[Any]:
    """A topic as its page shows it: a row with its board (board_…), the viewer's place in it and their draft."""
    found = rows(_OPENED, public_id=public_id, place=f"topic:{public_id}", **policies.reading(viewer))
    if not found:
        raise Missing(NO_TOPIC)
    return found[0]


def posts_of(viewer: Viewer, topic: Row[Any], page: int, size: int) -> Sequence[Row[Any]]:
    """The posts numbered for one page: an index range, whatever the page (T6)."""
    return rows(_POSTS, topic=topic.id, first=(page - 1) * size + 1, last=page * size, me=viewer.person_id)


def post_for(viewer: Viewer, public_id: str) -> Post:
    """A post in a topic that the viewer may read; its words may still be hidden from them."""
    found = select(Post).join(Post.topic).where(Post.public_id == public_id, policies.readable_by(viewer))
    return get_one(found.options(contains_eager(Post.topic).joinedload(Topic.board), joinedload(Post.author)), NO_POST)


def any_post(public_id: str) -> Post:
    """A post, for moderation."""
    found = select(Post).where(Post.public_id == public_id)
    return get_one(found.options(joinedload(Post.topic).joinedload(Topic.board), joinedload(Post.author)), NO_POST)


def post_by_id(post_id: int) -> Post:
    """A post by the key inside, for jobs."""
    found = select(Post).where(Post.id == post_id)
    return get_one(found.options(joinedload(Post.topic).joinedload(Topic.board), joinedload(Post.author)), NO_POST)


def first_post(topic: Topic) -> Post:
    """The post that began a topic."""
    found = select(Post).where(Post.topic_id == topic.id, Post.number == 1)
    return get_one(found.options(joinedload(Post.topic)), NO_POST)


def posts_around(post: Post, each_way: int = 3) -> list[Post]:
    """A post with its neighbours, for moderation."""
    near = Post.number.between(post.number - each_way, post.number + each_way)
    return scalars(
        select(Post).where(Post.topic_id == post.topic_id, near).options(joinedload(Post.author)).order_by(Post.number)
    )


def revisions(post: Post) -> list[PostRevision]:
    """What a post said before, newest first."""
    return scalars(select(PostRevision).where(PostRevision.post_id == post.id).order_by(PostRevision.version.desc()))


def draft(viewer: Viewer, place: str) -> Draft | None:
    """What the viewer was writing here."""
    return db.session.execute(
        select(Draft).where(Draft.person_id == viewer.person_id, Draft.place == place)
    ).scalar_one_or_none()


def moderators_of(board_id: int) -> list[Person]:
    """Who keeps a board, beside those who keep all."""
    kept = select(BoardModerator.person_id).where(BoardModerator.board_id == board_id)
    return scalars(select(Person).where(Person.id.in_(kept), Person.listed).order_by(Person.sort_name))


def followers(topic_id: int, beside: int) -> list[int]:
    """Who follows a topic."""
    found = select(TopicReader.person_id).where(TopicReader.topic_id == topic_id, TopicReader.level == "follow")
    return scalars(found.where(TopicReader.person_id != beside))


def muted_by(topic_id: int) -> set[int]:
    """Who does not want to hear of a topic."""
    return set(
        scalars(select(TopicReader.person_id).where(TopicReader.topic_id == topic_id, TopicReader.level == "mute"))
    )


def mentioned_in(post_id: int) -> list[int]:
    """Whom a post names."""
    return scalars(select(PostMention.person_id).where(PostMention.post_id == post_id))


# What is looked at, until a page is full: the newest posts, for words that are everywhere; the newest with the words, for
# rare ones; many of these, for readers of few boards. Never all: a page must not cost more the older the house gets.
WITHIN = 1_000
LOOKS: tuple[dict[str, int], ...] = ({"within": WITHIN}, {"newest": 500}, {"newest": 20_000})
_FOUND = (
    select(Post.id, Post.public_id, Post.number, Post.html, Post.created_at, Topic.title, Topic.public_id.label("topic_public_id"),
           Board.name.label("board_name"), Board.public_id.label("board_public_id"), Board.slug.label("board_slug"), *AUTHOR)
    .join(Topic, Topic.id == Post.topic_id).join(Board, Board.id == Post.board_id).join(Person, Person.id == Post.author_id)
    .where(policies.POSTS_FOUND, Topic.is_hidden.is_(False))
)  # fmt: skip


def search_posts(
    viewer: Viewer, query: str, *, board_id: int | None = None, before: int | None = None, size: int = 20
) -> Sequence[Row[Any]]:
    """Posts with these words that the viewer may read, newest first; bounded, however common the word."""
    words = POSTS.words_of(query)
    if not words:
        return []

    found: Sequence[Row[Any]] = []
    for look in range(len(LOOKS)):
        statement = _search(look, before is not None, board_id is not None, size, is_sqlite())
        found = rows(statement, words=words, before=before, board=board_id, **policies.reading(viewer))
        if len(found) > size:
            break
    return found


@lru_cache(100)
def _search(look: int, further: bool, one_board: bool, size: int, _sqlite: bool) -> Select[*tuple[Any, ...]]:
    """The statement of one shape: it is written once a process for each kind of database."""
    matching = POSTS.bound(Post.id, before=bindparam("before", type_=Integer) if further else None, **LOOKS[look])
    found = _FOUND.where(matching, Post.board_id == bindparam("board")) if one_board else _FOUND.where(matching)
    # By the bare id PostgreSQL would rather walk all posts backwards than sort the few that match.
    order = Post.id if look == 0 else Post.id + 0
    return found.order_by(order.desc()).limit(size + 1)


def posts_by(viewer: Viewer, person_id: int, limit: int = 5) -> Sequence[Row[Any]]:
    """A person's latest posts that the viewer may read."""
    return rows(
        select(Post.public_id, Post.html, Post.created_at, Post.number, Topic.title, Board.name.label("board_name"))
        .join(Topic, Topic.id == Post.topic_id).join(Board, Board.id == Post.board_id)
        .where(Post.author_id == person_id, policies.posts_found_by(viewer), Topic.is_hidden.is_(False))
        .order_by(Post.id.desc()).limit(limit)
    )  # fmt: skip


def held_posts(viewer: Viewer, limit: int = 50) -> list[Post]:
    """Posts of new members that wait for this moderator, oldest first."""
    boards = [board_id for board_id in readable_boards(viewer) if policies.can_moderate(viewer, board_id)]
    found = select(Post).where(Post.state == "held", Post.board_id.in_(boards))
    return scalars(found.options(joinedload(Post.topic), joinedload(Post.author)).order_by(Post.id).limit(limit))


def titles_like(viewer: Viewer, title: str, limit: int = 5) -> Sequence[Row[Any]]:
    """Topics that may be about the same, for the composer."""
    found = select(Topic.public_id, Topic.slug, Topic.home_url, Topic.title, Topic.post_count).join(
        Post, and_(Post.topic_id == Topic.id, Post.number == 1)
    )
    near = or_(*(POSTS.matches(Post.id, word, within=WITHIN) for word in title.split()[:6] if len(word) > 4))
    return rows(found.where(policies.listed_by(viewer), near).order_by(Topic.last_posted_at.desc()).limit(limit))


def readable_posts(viewer: Viewer, notifications: Sequence[Any]) -> set[int]:
    """Of notifications about posts, those whose post this viewer can still read."""
    wanted = {str(each.url).rpartition("/")[2] for each in notifications}
    found = (
        select(Post.public_id)
        .join(Topic)
        .where(Post.public_id.in_(wanted), policies.posts_found_by(viewer), Topic.is_hidden.is_(False))
    )
    readable = set(scalars(found))
    return {each.id for each in notifications if str(each.url).rpartition("/")[2] in readable}
