"""What the weekly letter tells of the boards: what one follows, what others began, and a question nobody answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.boards import queries, shown
from portal.boards.cooking import plain
from portal.core import clock
from portal.core.jinja import plural, spelled
from portal.core.parts import LetterPiece
from portal.core.text import shortened

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from portal.core.access import Viewer

WORDS = 180  # characters of somebody's own words
TOPICS = 3
QUESTIONS_FOR = timedelta(days=60)


class _OfBoards:
    """What the three parts share: a piece is a post, and may be told while that post may be read (M1)."""

    def readable(self, viewer: Viewer, keys: set[str]) -> set[str]:
        """Which of the posts the viewer may read now."""
        return queries.still_for_letter(viewer, keys)


class Followed(_OfBoards):
    """New posts in topics that the member follows."""

    name, title, order = "followed", "What you follow", 20

    def gather(self, viewer: Viewer, since: datetime, *, told: frozenset[str], limit: int) -> list[LetterPiece]:
        """Topics with something unread, each with the newest post."""
        found = queries.followed_for_letter(viewer, since, limit)
        return [
            _piece(topic, post, f"/topics/{topic.public_id}/unread", plural(post.unread, "new post"), post.unread)
            for topic, post in found
        ]

    def gist(self, pieces: list[LetterPiece]) -> str:
        """ "three replies"."""
        return spelled(sum(piece.count for piece in pieces), "reply", "replies")


class Begun(_OfBoards):
    """Topics that others began on the member's boards."""

    name, title, order = "begun", "New on your boards", 60

    def gather(self, viewer: Viewer, since: datetime, *, told: frozenset[str], limit: int) -> list[LetterPiece]:
        """Topics with their first words, the most talked about first."""
        found = queries.begun_for_letter(viewer, since, min(limit, TOPICS))
        return [_piece(topic, post, shown.topic_url(topic)) for topic, post in found]

    def gist(self, pieces: list[LetterPiece]) -> str:
        """ "two new topics"."""
        return spelled(len(pieces), "new topic")


class Question(_OfBoards):
    """One topic that nobody answered, where the member may."""

    name, title, order = "question", "Do you know this?", 55

    def gather(self, viewer: Viewer, since: datetime, *, told: frozenset[str], limit: int) -> list[LetterPiece]:
        """One that was in none of the last letters."""
        topics = frozenset(int(about.removeprefix("topic:")) for about in told if about.startswith("topic:"))
        found = queries.unanswered_for_letter(viewer, clock.now() - QUESTIONS_FOR, topics)
        return [_piece(topic, post, shown.topic_url(topic)) for topic, post in found]

    def gist(self, pieces: list[LetterPiece]) -> str:
        """ "a question"."""
        return "a question for you"


def _piece(topic: Row[Any], post: Row[Any], url: str, note: str = "", count: int = 1) -> LetterPiece:
    meta = " · ".join(filter(None, (shown.author(post).name, topic.board_name, note)))
    return LetterPiece(
        post.public_id, topic.title, url, text=shortened(plain(post.html), WORDS), quoted=True, meta=meta,
        about=f"topic:{topic.id}", place=topic.board_name, count=count,
    )  # fmt: skip
