"""Topics: started with a first post, retitled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.boards import policies, telling
from portal.boards.actions import pace
from portal.boards.actions.posts import write_post
from portal.boards.cooking import Cooked, cook
from portal.boards.index import POSTS
from portal.boards.models import Board, Post, Topic
from portal.boards.slugs import slug_of
from portal.core import audit
from portal.core.db import add, db
from portal.core.errors import Invalid
from portal.core.jobs import enqueue
from portal.core.policy import require
from portal.core.settings import get

if TYPE_CHECKING:
    from portal.core.access import Viewer


def start_topic(board: Board, title: str, body: str, *, by: Viewer, cooked: Cooked | None = None) -> Topic:
    """Begin a conversation with its first post."""
    require(policies.can_start_topic(by, board), "You can read this board, but not start topics on it.")
    pace.check_topics(by)
    cooked = cooked or cook(body)
    title = _title(title)
    topic = add(
        Topic(board_id=board.id, author_id=by.person_id, last_author_id=by.person_id, title=title, slug=slug_of(title))
    )
    post = write_post(topic, cooked, by=by)
    if post.state == "held":
        topic.is_hidden = True
    else:
        db.session.execute(update(Board).where(Board.id == board.id).values(topic_count=Board.topic_count + 1))
        enqueue(telling.tell_about_post, post.id)
    return topic


def retitle_topic(topic: Topic, first: Post, title: str, *, by: Viewer) -> None:
    """Give a topic another title: its author while the first post can be edited, or who keeps the board."""
    require(
        policies.can_moderate(by, topic.board_id) or policies.can_edit(by, first, topic),
        "You can't change this title any more.",
    )
    topic.title, topic.slug = _title(title), slug_of(title)
    if first.state == "visible":
        POSTS.put(first.id, f"{topic.title} {cook(first.body).plain}")
    audit.record("retitle topic", topic, by=by, note=topic.title)


def _title(title: str) -> str:
    title = " ".join(title.split())
    low, high = get("title_min"), get("title_max")
    if not low <= len(title) <= high:
        raise Invalid(f"A title has between {low} and {high} characters.", "title")
    return title
