"""The index that finds news by their words."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.db import scalars
from portal.core.search import SearchIndex
from portal.news.cooking import searched
from portal.news.models import NewsItem

NEWS = SearchIndex("news")
BATCH = 200


def index_again(after: int) -> int:
    """Write some published items into the index once more."""
    out = select(NewsItem).where(NewsItem.state == "published", NewsItem.id > after)
    found = scalars(out.order_by(NewsItem.id).limit(BATCH))
    NEWS.put_many((item.id, searched(item.title, item.lead, item.html)) for item in found)
    return found[-1].id if found else 0
