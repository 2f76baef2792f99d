"""After publishing: corrected with a mark, or taken back with a placeholder; nothing is mailed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.boards.actions import end_comments, retitle_comments
from portal.boards.models import Topic
from portal.boards.slugs import slug_of
from portal.core import audit, clock, stamps
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.news import policies, quiet
from portal.news.actions.drafts import ONLY_WRITERS
from portal.news.cooking import cook, searched
from portal.news.index import NEWS
from portal.news.models import NewsItem, NewsRevision

if TYPE_CHECKING:
    from portal.core.access import Viewer


def correct(
    item: NewsItem, *, title: str, lead: str, body: str, note: str, version: int, by: Viewer, html: str | None = None
) -> None:
    """Say it right: what it said before stays readable, the note stands over the text, and nobody gets another mail."""
    require(policies.can_write(by), ONLY_WRITERS)
    _check(item, version)
    if why := quiet.reason():
        raise Invalid(why)
    if not title:
        raise Invalid("It needs a title.", "title")
    if (title, lead, body) == (item.title, item.lead, item.body):
        raise Invalid("Nothing is different yet.")
    written_at = item.corrected_at or item.published_at or item.updated_at
    add(NewsRevision(
        news_id=item.id, version=version, title=item.title, lead=item.lead, html=item.html, written_at=written_at,
    ))  # fmt: skip
    item.title, item.slug, item.lead, item.body = title, slug_of(title), lead, body
    item.html = cook(body) if html is None else html
    item.version, item.correction, item.corrected_at = version + 1, note, clock.now()
    _follow(item, by=by)
    audit.record("correct news", item, by=by, note=note)


def withdraw(item: NewsItem, because: str, *, by: Viewer) -> None:
    """Take an item back: who opens it reads that it is gone, and why; mails that still wait are not sent."""
    require(policies.can_write(by), ONLY_WRITERS)
    if item.state != "published":
        raise Conflict("Only what is published can be taken back.")
    item.state, item.withdrawn_at, item.withdrawn_because = "withdrawn", clock.now(), because
    item.mailing = item.mailing and "sent"  # what is not written yet is not written any more
    NEWS.remove(item.id)
    topic = _topic(item)
    if topic is not None:
        end_comments(topic, by=by)
    db.session.flush()
    stamps.bump("news")
    audit.record("withdraw news", item, by=by, note=because)


def _check(item: NewsItem, version: int) -> None:
    if item.state != "published":
        raise Conflict("Only what is published can be corrected.")
    if item.version != version:
        raise Invalid(
            "Somebody corrected it while you were writing. Look at what it says now, then save again.", "version"
        )


def _follow(item: NewsItem, *, by: Viewer) -> None:
    """Comments, search and the lists of all processes show the new words."""
    topic = _topic(item)
    if topic is not None:
        retitle_comments(topic, item.title, by=by)
    NEWS.put(item.id, searched(item.title, item.lead, item.html))
    db.session.flush()
    stamps.bump("news")


def _topic(item: NewsItem) -> Topic | None:
    return db.session.execute(select(Topic).where(Topic.id == item.topic_id)).scalar_one_or_none()
