"""What members read: the list, one item, the newest for home and the badge; everything computed on read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, exists, func, literal, select

from portal.boards.grants import readable_boards
from portal.boards.models import Topic
from portal.core import clock, glance, stamps
from portal.core.db import get_one, rows, scalars
from portal.core.errors import Missing
from portal.core.memory import Memory
from portal.core.pages import Keyset, Page
from portal.news import policies
from portal.news.index import NEWS
from portal.news.models import NewsAnswer, NewsItem, NewsPlace, NewsReader, NewsRevision
from portal.people.faces import FACE
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row

    from portal.core.access import Viewer

NONE_SUCH = "There is no such news item, or it is not for you."
PAGE_SIZE = 20
NEW_FOR = timedelta(days=60)  # what is older counts as read
NEWEST = 30
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
ME = bindparam("me", type_=Integer)
_MINE = and_(NewsReader.news_id == NewsItem.id, NewsReader.person_id == ME)
_HEAD = (
    NewsItem.id, NewsItem.public_id, NewsItem.slug, NewsItem.title, NewsItem.lead, NewsItem.published_at, NewsItem.corrected_at,
    NewsItem.ask, NewsItem.board_id,
)  # fmt: skip
_LIST = Keyset(
    select(*_HEAD, Topic.post_count.label("comments"), NewsReader.opened_at, NewsPlace.seen_until)
    .outerjoin(Topic, Topic.id == NewsItem.topic_id)
    .outerjoin(NewsReader, _MINE)
    .outerjoin(NewsPlace, NewsPlace.person_id == ME)
    .where(policies.FOUND),
    (NewsItem.published_at, NewsItem.id),
)
_ITEM = (
    select(
        *_HEAD, NewsItem.state, NewsItem.html, NewsItem.question, NewsItem.choices, NewsItem.link_label, NewsItem.link_url,
        NewsItem.correction, NewsItem.withdrawn_at, NewsItem.withdrawn_because, Topic.public_id.label("topic"), *FACE,
        NewsReader.opened_at, NewsAnswer.choice, NewsAnswer.words, NewsAnswer.answered_at,
    )
    .join(Person, Person.id == NewsItem.author_id)
    .outerjoin(Topic, Topic.id == NewsItem.topic_id)
    .outerjoin(NewsReader, _MINE)
    .outerjoin(NewsAnswer, and_(NewsAnswer.news_id == NewsItem.id, NewsAnswer.person_id == ME))
    .where(NewsItem.public_id == bindparam("public_id"), policies.THERE)
)  # fmt: skip


def _unread_of(person_id: ColumnElement[int]) -> ColumnElement[Any]:
    """The ids of the newest items that the person has neither opened nor seen in the list, as JSON."""
    newest = (
        select(NewsItem.id, NewsItem.published_at).where(NewsItem.state == "published")
        .order_by(NewsItem.published_at.desc(), NewsItem.id.desc()).limit(NEWEST).subquery()
    )  # fmt: skip
    place = select(NewsPlace.seen_until).where(NewsPlace.person_id == person_id)
    seen = place.correlate_except(NewsPlace).scalar_subquery()
    opened = exists().where(NewsReader.news_id == newest.c.id, NewsReader.person_id == person_id)
    return (
        select(glance.collected(newest.c.id))
        .where(newest.c.published_at > func.coalesce(seen, literal(NEVER, NewsPlace.seen_until.type)), ~opened.correlate_except(NewsReader))
        .scalar_subquery()
    )  # fmt: skip


glance.on_pages("unread_news", _unread_of)


def list_page(viewer: Viewer, *, after: str | None = None, before: str | None = None) -> Page[Row[Any]]:
    """The news for a viewer, the newest first."""
    params = policies.reading(viewer) | {"me": viewer.person_id}
    return _LIST.page(size=PAGE_SIZE, after=after, before=before, **params)


def item_page(viewer: Viewer, public_id: str) -> Row[Any]:
    """An item as its page shows it, with what the viewer answered; what you may not see does not exist."""
    found = rows(_ITEM, public_id=public_id, me=viewer.person_id, **policies.reading(viewer))
    if not found:
        raise Missing(NONE_SUCH)
    return found[0]


def item_for(viewer: Viewer, public_id: str) -> NewsItem:
    """An item that the viewer sees, to do something with it."""
    return get_one(select(NewsItem).where(NewsItem.public_id == public_id, policies.found_by(viewer)), NONE_SUCH)


def revisions(news_id: int) -> list[NewsRevision]:
    """What an item said before its corrections, the newest first."""
    found = select(NewsRevision).where(NewsRevision.news_id == news_id)
    return scalars(found.order_by(NewsRevision.version.desc()))


_newest: Memory[int, tuple[Any, ...]] = Memory(2)


def _load_newest() -> tuple[Any, ...]:
    found = (
        select(*_HEAD).where(NewsItem.state == "published").order_by(NewsItem.published_at.desc(), NewsItem.id.desc())
    )
    return tuple(rows(found.limit(NEWEST)))


def latest(viewer: Viewer, limit: int = NEWEST) -> list[Row[Any]]:
    """The newest items for a viewer, for home: of a few that are remembered until something is published."""
    boards, oldest = readable_boards(viewer), clock.now() - NEW_FOR
    newest = _newest.get(stamps.current("news"), _load_newest)
    return [row for row in newest if row.board_id in boards and row.published_at > oldest][:limit]


def unread_ids(viewer: Viewer) -> set[int]:
    """Which of the newest items the viewer has neither opened nor seen in the list, since they joined."""
    unread, joined = glance.listed(glance.of("unread_news", viewer.person_id)), viewer.joined_at or NEVER
    return {row.id for row in latest(viewer) if row.id in unread and row.published_at > joined} if unread else unread


def unread_count(viewer: Viewer) -> int:
    """The number beside "News"."""
    return len(unread_ids(viewer))


def search_news(viewer: Viewer, query: str, *, before: int | None = None, size: int = 20) -> Sequence[Row[Any]]:
    """Items with these words that the viewer may see, newest first."""
    found = select(*_HEAD, NewsItem.html).where(
        policies.found_by(viewer), NEWS.matches(NewsItem.id, query, before=before)
    )
    return rows(found.order_by(NewsItem.id.desc()).limit(size + 1))
