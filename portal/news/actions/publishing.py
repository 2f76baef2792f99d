"""Publishing: at once or at a time, with mail or without; never twice, and never in a quiet period (E5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from portal.boards.actions import board_of_comments, follow, open_comments
from portal.boards.cooking import plain
from portal.careers.audiences import audience_of, in_words
from portal.core import audit, clock, stamps
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.jobs import enqueue
from portal.core.policy import require
from portal.news import policies, quiet, sending
from portal.news.actions.drafts import ONLY_WRITERS
from portal.news.cooking import searched
from portal.news.index import NEWS
from portal.news.models import NewsItem
from portal.people.queries import group_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.core.access import Viewer

HOME = "/news"
WAITING = ("draft", "scheduled")


def publish(item: NewsItem, *, by_mail: bool, by: Viewer) -> None:
    """Show the item to its audience from now on; its mails follow, written by one job."""
    require(policies.can_write(by), ONLY_WRITERS)
    check_ready(item)
    board = board_of_comments(HOME, board_name(item.audience), item.audience, by=by)
    topic = open_comments(board, item.title, f"{HOME}/{item.public_id}", by=by) if item.has_comments else None
    if topic is not None:
        follow(topic, "follow", by=by)
    _take(
        item, state="published", published_at=clock.now(), publisher_id=by.person_id, by_mail=by_mail, publish_at=None,
        board_id=board.id, topic_id=topic and topic.id, mailing="going" if by_mail else "", held_because="",
    )  # fmt: skip
    if by_mail:
        enqueue(sending.send_mails, item.id, unique=f"news:{item.id}")
    NEWS.put(item.id, searched(item.title, item.lead, item.html))
    stamps.bump("news")
    after = {"audience": list(item.audience), "by_mail": by_mail, "title": item.title}
    audit.record("publish news", item, by=by, note=item.title, after=after)


def board_name(lines: Sequence[dict[str, Any]]) -> str:
    """What the board of comments for an audience is called."""
    return f"News for {in_words([audience_of(line) for line in lines], group_names()).lower()}"


def schedule(item: NewsItem, at: datetime, *, by_mail: bool, by: Viewer) -> None:
    """Let the item be published at a time; what is forbidden then keeps it a draft, and says why."""
    require(policies.can_write(by), ONLY_WRITERS)
    check_ready(item)
    if at <= clock.now():
        raise Invalid("That time is over. Choose one to come, or publish it now.", "day")
    _take(item, state="scheduled", publish_at=at, publisher_id=by.person_id, by_mail=by_mail, held_because="")
    audit.record(
        "schedule news", item, by=by, note=item.title, after={"publish_at": at.isoformat(), "by_mail": by_mail}
    )


def unschedule(item: NewsItem, because: str = "", *, by: Viewer) -> None:
    """A draft again, with the reason when nobody asked for it."""
    require(policies.can_write(by) or by.system, ONLY_WRITERS)
    _take(item, state="draft", publish_at=None, publisher_id=None, held_because=because[:300])
    audit.record("unschedule news", item, by=by, note=because[:200] or item.title)


def check_ready(item: NewsItem) -> None:
    """Whether an item may be published now, or the sentence that says what is missing."""
    if why := quiet.reason():
        raise Invalid(why)
    if not item.title:
        raise Invalid("Give the item a title.")
    if not (item.lead or plain(item.html)):
        raise Invalid("There is nothing in it yet but a title.")
    if not item.audience:
        raise Invalid("Say who it is for: tick at least one box under “Who it is for”.")
    groups = group_names()
    if any(line.get("group_id") is not None and line["group_id"] not in groups for line in item.audience):
        raise Invalid("A group that it was for is not there any more. Choose the audience again.")


def _take(item: NewsItem, **values: object) -> None:
    """Move on from waiting: of two who try at once, one does."""
    moved = update(NewsItem).where(NewsItem.id == item.id, NewsItem.state.in_(WAITING))
    if db.session.execute(moved.values(**values).returning(NewsItem.id)).first() is None:
        raise Conflict("This item is published already.")
    for name, value in values.items():
        set_committed_value(item, name, value)
