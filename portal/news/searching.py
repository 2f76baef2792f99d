"""News as a tab of the one search box."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from portal.boards.cooking import plain
from portal.core import settings
from portal.core.fragments import Later
from portal.core.parts import Hit, Hits
from portal.core.search import excerpt
from portal.news import queries, shown

if TYPE_CHECKING:
    from markupsafe import Markup

    from portal.core.access import Viewer

SIZE = 20


def _excerpt(lead: str, html: str, query: str) -> Markup:
    return excerpt(f"{lead} {plain(html)}", query)


class NewsSearch:
    """News items by their words, newest first."""

    kind = "news"
    label = "News"

    def search(self, viewer: Viewer, query: str, *, before: int | None = None) -> Hits:
        """Items that the viewer may see."""
        rows, host = queries.search_news(viewer, query, before=before, size=SIZE), settings.get("host_name")
        hits = [
            Hit(
                row.title, shown.item_url(row), text=Later(partial(_excerpt, row.lead, row.html, query)), key=(row.lead, row.html),
                meta=(f"From {host}",), at=row.published_at
            )
            for row in rows[:SIZE]
        ]  # fmt: skip
        return Hits(hits, before=rows[SIZE - 1].id if len(rows) > SIZE else None)
