"""What news keep about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core.db import db, rows
from portal.news.models import NewsAnswer, NewsDelivery, NewsFeed, NewsItem, NewsPlace, NewsReader

OF_ITEMS: tuple[Any, ...] = (NewsAnswer, NewsReader, NewsDelivery)


class NewsData:
    """Items stay the host's; answers, what was opened and what was mailed are the person's."""

    tables: tuple[str, ...] = ("news_item", "news_answer", "news_reader", "news_place", "news_delivery", "news_feed")

    def count(self, person_id: int) -> int:
        """How many questions the person answered."""
        found = select(func.count()).select_from(NewsAnswer).where(NewsAnswer.person_id == person_id)
        return db.session.execute(found).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """What the person answered, and what they opened."""
        said = select(
            NewsItem.title,
            NewsItem.question,
            NewsItem.choices,
            NewsAnswer.choice,
            NewsAnswer.words,
            NewsAnswer.answered_at,
        )
        said = said.join(NewsItem, NewsItem.id == NewsAnswer.news_id).where(NewsAnswer.person_id == person_id)
        read = select(NewsItem.title, NewsReader.opened_at).join(NewsItem, NewsItem.id == NewsReader.news_id)
        feed = select(NewsFeed.created_at).where(NewsFeed.person_id == person_id)
        return {
            "feed_since": db.session.execute(feed).scalar_one_or_none(),
            "answers": [
                {"item": row.title, "question": row.question, "at": row.answered_at,
                 "answer": row.words if row.choice is None else row.choices[row.choice]}
                for row in rows(said.order_by(NewsAnswer.answered_at))
            ],
            "opened": [
                {"item": row.title, "at": row.opened_at} for row in rows(read.where(NewsReader.person_id == person_id))
            ],
        }  # fmt: skip

    def move(self, old_id: int, new_id: int) -> None:
        """What was written for the host and answered follows a merge; of two answers the new account's stays."""
        for name in ("author_id", "publisher_id"):
            db.session.execute(update(NewsItem).where(getattr(NewsItem, name) == old_id).values({name: new_id}))
        for table in OF_ITEMS:
            theirs = select(table.news_id).where(table.person_id == new_id)
            self._forget(table, old_id, table.news_id.in_(theirs))
            db.session.execute(update(table).where(table.person_id == old_id).values(person_id=new_id))
        for table in (NewsPlace, NewsFeed):
            self._forget(table, old_id)

    def erase(self, person_id: int) -> None:
        """Forget answers, readings and deliveries; the counters follow (T2)."""
        for table in (*OF_ITEMS, NewsPlace, NewsFeed):
            self._forget(table, person_id)

    def _forget(self, table: Any, person_id: int, *which: Any) -> None:
        counter = {NewsAnswer: NewsItem.answer_count, NewsReader: NewsItem.reader_count}.get(table)
        gone = select(table.news_id).where(table.person_id == person_id, *which) if counter is not None else None
        if gone is not None and counter is not None:
            db.session.execute(update(NewsItem).where(NewsItem.id.in_(gone)).values({counter.key: counter - 1}))
        db.session.execute(delete(table).where(table.person_id == person_id, *which))
