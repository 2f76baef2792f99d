"""Every read of the news."""

from portal.news.queries.desk import any_item, counts, due, mails_by_state, on_desk, open_answers, sharings, uncounted
from portal.news.queries.feeds import feed_since, reader_of
from portal.news.queries.reading import (
    NONE_SUCH,
    item_for,
    item_page,
    latest,
    list_page,
    revisions,
    search_news,
    unread_count,
    unread_ids,
)

__all__ = [
    "NONE_SUCH", "any_item", "counts", "due", "feed_since", "item_for", "item_page", "latest", "list_page", "mails_by_state", "on_desk", "open_answers",
    "reader_of", "revisions", "search_news", "sharings", "uncounted", "unread_count", "unread_ids",
]  # fmt: skip
