"""What those who write news read: drafts, what waits, what is published, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.db import get_one, rows, scalars
from portal.core.outbox import OutboxMail
from portal.core.pages import Page, keyset
from portal.news.models import NewsAnswer, NewsDelivery, NewsItem
from portal.people.faces import FACE
from portal.people.models import Person

if TYPE_CHECKING:
    from sqlalchemy import Row

NO_ITEM = "There is no such news item."
PAGE_SIZE = 30
COUNTED_FOR = timedelta(days=8)  # afterwards nothing waits any more: the outbox gives up earlier
FEW = 5  # under this many answers no shares are shown (A9)


def any_item(public_id: str) -> NewsItem:
    """An item in any state, with its author."""
    return get_one(
        select(NewsItem).where(NewsItem.public_id == public_id).options(joinedload(NewsItem.author)), NO_ITEM
    )


def due(limit: int = 20) -> list[NewsItem]:
    """What should be published by now, the longest due first."""
    waits = select(NewsItem).where(NewsItem.state == "scheduled", NewsItem.publish_at <= clock.now())
    return scalars(waits.order_by(NewsItem.publish_at, NewsItem.id).limit(limit))


def on_desk(state: str, *, after: str | None = None, before: str | None = None) -> Page[Row[Any]]:
    """The items in a state: drafts by their last change, what is scheduled the next first, published ones newest first."""
    found = select(
        NewsItem.public_id, NewsItem.title, NewsItem.lead, NewsItem.state, NewsItem.audience, NewsItem.updated_at, NewsItem.publish_at,
        NewsItem.by_mail, NewsItem.published_at, NewsItem.corrected_at, NewsItem.withdrawn_at, NewsItem.held_because, NewsItem.ask,
        NewsItem.mail_count, NewsItem.reader_count, NewsItem.answer_count, *FACE,
    ).join(Person, Person.id == NewsItem.author_id)  # fmt: skip
    if state == "scheduled":
        waits = found.where(NewsItem.state == "scheduled")
        return keyset(
            waits, [NewsItem.publish_at, NewsItem.id], size=PAGE_SIZE, after=after, before=before, ascending=True
        )
    if state == "published":
        told = found.where(NewsItem.state.in_(("published", "withdrawn")))
        return keyset(told, [NewsItem.published_at, NewsItem.id], size=PAGE_SIZE, after=after, before=before)
    drafts = found.where(NewsItem.state == "draft")
    return keyset(drafts, [NewsItem.updated_at, NewsItem.id], size=PAGE_SIZE, after=after, before=before)


def counts() -> dict[str, int]:
    """How many drafts and scheduled items there are: a handful, never those that are published."""
    found = (
        select(NewsItem.state, func.count().label("n"))
        .where(NewsItem.state.in_(("draft", "scheduled")))
        .group_by(NewsItem.state)
    )
    return {row.state: row.n for row in rows(found)}


def uncounted(limit: int = 20) -> list[NewsItem]:
    """Items some of whose mails may have gone out since they were last counted."""
    lately = and_(NewsItem.mailing != "", NewsItem.published_at > clock.now() - COUNTED_FOR)
    return scalars(select(NewsItem).where(lately).order_by(NewsItem.published_at.desc()).limit(limit))


def mails_by_state(news_id: int) -> dict[str, int]:
    """What became of an item's mails, by the rows of the outbox; for the job that notes it."""
    found = select(OutboxMail.state, func.count().label("n")).join(NewsDelivery, NewsDelivery.mail_id == OutboxMail.id)
    by_state = rows(found.where(NewsDelivery.news_id == news_id).group_by(OutboxMail.state))
    return {row.state: row.n for row in by_state}


def sharings(item: NewsItem) -> list[tuple[str, int]]:
    """How many chose each answer, in the order in which the answers stand."""
    if item.ask != "choice":
        return []
    found = (
        select(NewsAnswer.choice, func.count().label("n"))
        .where(NewsAnswer.news_id == item.id)
        .group_by(NewsAnswer.choice)
    )
    given = {row.choice: row.n for row in rows(found)}
    return [(words, given.get(number, 0)) for number, words in enumerate(item.choices)]


def open_answers(item: NewsItem, *, after: str | None = None, before: str | None = None) -> Page[Row[Any]]:
    """What members answered in words, or chose, the latest first, each with who said it."""
    said = select(NewsAnswer.words, NewsAnswer.choice, NewsAnswer.answered_at, *FACE).join(
        Person, and_(Person.id == NewsAnswer.person_id, NewsAnswer.news_id == item.id)
    )
    return keyset(said, [NewsAnswer.answered_at, NewsAnswer.person_id], size=PAGE_SIZE, after=after, before=before)
