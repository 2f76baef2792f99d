"""What readers leave: that they opened an item, until when they saw the list, and their answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, update

from portal.core import clock
from portal.core.db import db, upsert
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.news import policies
from portal.news.models import NewsAnswer, NewsItem, NewsPlace, NewsReader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from portal.core.access import Viewer

SIGN_IN = "Please sign in first."


def opened(news_id: int, *, by: Viewer, on: Connection) -> None:
    """The member has opened the item: counted once (T2)."""
    require(by.is_member, SIGN_IN)
    values = {"person_id": by.person_id, "news_id": news_id, "opened_at": clock.now()}
    first = upsert(NewsReader.__table__, values, keys=["person_id", "news_id"]).returning(NewsReader.news_id)
    if on.execute(first).first() is not None:
        on.execute(update(NewsItem).where(NewsItem.id == news_id).values(reader_count=NewsItem.reader_count + 1))


def saw_news(*, by: Viewer, on: Connection) -> None:
    """The member has seen the list: one row, only forward."""
    require(by.is_member, SIGN_IN)
    table, now = NewsPlace.__table__, clock.now()
    further = case((table.c.seen_until < now, now), else_=table.c.seen_until)
    on.execute(
        upsert(
            table, {"person_id": by.person_id, "seen_until": now}, keys=["person_id"], update={"seen_until": further}
        )
    )


def answer(item: NewsItem, *, choice: int | None = None, words: str = "", by: Viewer) -> None:
    """Answer an item's question, or change the answer."""
    require(policies.can_answer(by, item.state, item.ask, item.board_id), "You can’t answer here now.")
    if item.ask == "choice" and (choice is None or not 0 <= choice < len(item.choices)):
        raise Conflict("Choose one of the answers.")
    if item.ask == "words" and not 1 < len(words) <= 1000:
        raise Invalid("Write between 2 and 1,000 characters.", "words")
    given: dict[str, Any] = (
        {"choice": choice, "words": ""} if item.ask == "choice" else {"choice": None, "words": words}
    )
    mine = (NewsAnswer.news_id == item.id, NewsAnswer.person_id == by.person_id)
    given["answered_at"] = clock.now()
    if db.session.execute(update(NewsAnswer).where(*mine).values(**given).returning(NewsAnswer.news_id)).first():
        return
    values = given | {"news_id": item.id, "person_id": by.person_id}
    made = upsert(NewsAnswer.__table__, values, keys=["news_id", "person_id"]).returning(NewsAnswer.news_id)
    if db.session.execute(made).first() is not None:
        db.session.execute(
            update(NewsItem).where(NewsItem.id == item.id).values(answer_count=NewsItem.answer_count + 1)
        )
