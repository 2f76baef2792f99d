"""An item's way into the outbox: one job, batch by batch, each with its cursor in one transaction (T2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from portal.boards.grants import grants
from portal.careers.audiences import in_words
from portal.core import clock, outbox
from portal.core.db import db
from portal.core.jobs import LATER, job, periodic
from portal.news import emails, queries, recipients
from portal.news.models import NewsDelivery, NewsItem
from portal.people.queries import group_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.careers.audiences import Audience

BATCH = 500


@job("news.send_mails", priority=LATER, longest=timedelta(hours=6))
def send_mails(news_id: int) -> Iterator[None]:
    """Write the mails of an item; begun again after a crash it goes on behind the last batch that was kept."""
    while (item := _open(news_id)) is not None:
        lines = lines_of(item)
        written = emails.write(item, audience=in_words(lines, group_names()))
        readers = recipients.batch(lines, after=item.mail_cursor, size=BATCH)
        if not readers:
            item.mailing = "sent"
            return
        mails = emails.post_to(item, written, readers)
        if mails:
            # One row a reader: whatever made this run twice, the second one fails here and is rolled back.
            given = [
                {"news_id": item.id, "person_id": person_id, "mail_id": mail_id} for person_id, mail_id in mails.items()
            ]
            db.session.execute(insert(NewsDelivery), given)
        item.mail_cursor, item.mail_count = readers[-1].person_id, item.mail_count + len(mails)
        yield


@periodic("news.count_mails", every=timedelta(minutes=2))
def count_mails() -> None:
    """Note what became of the mails of each item while some of them wait; the outbox forgets after some months."""
    for item in queries.uncounted():
        if item.mail_figures.get("waiting", 1):
            states = queries.mails_by_state(item.id)
            waiting = states.pop(outbox.QUEUED, 0) + states.pop(outbox.SENDING, 0) + (item.mailing == "going")
            item.mail_figures, item.counted_at = states | {"waiting": waiting}, clock.now()


def _open(news_id: int) -> NewsItem | None:
    """The item while its mails are to be written, locked until the batch is kept."""
    item = db.session.get(NewsItem, news_id, with_for_update=True, populate_existing=True)
    return item if item is not None and item.state == "published" and item.mailing == "going" else None


def lines_of(item: NewsItem) -> tuple[Audience, ...]:
    """Who a published item is for: what its board says today."""
    rule = grants().rules.get(item.board_id or 0)
    return rule.audiences if rule else ()


@outbox.still_wanted(recipients.KIND)
def still_wanted(mail: outbox.OutboxMail) -> bool:
    """Asked just before a mail goes: the item is still there, and its reader may still see it and wants it."""
    public_id = mail.purpose.rpartition(":")[2]
    item = db.session.execute(select(NewsItem).where(NewsItem.public_id == public_id)).scalar_one_or_none()
    if item is None or item.state != "published" or mail.person_id is None:
        return False
    return recipients.still_gets(lines_of(item), mail.person_id)
