"""Posts as a tab of the one search box."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from portal.boards import queries, shown
from portal.boards.cooking import plain
from portal.core.fragments import Later
from portal.core.parts import Hit, Hits
from portal.core.search import excerpt

if TYPE_CHECKING:
    from markupsafe import Markup

    from portal.core.access import Viewer

SIZE = 20


def _excerpt(html: str, query: str) -> Markup:
    return excerpt(plain(html), query)


class PostSearch:
    """Posts by their words, newest first."""

    kind = "posts"
    label = "Posts"

    def search(self, viewer: Viewer, query: str, *, before: int | None = None) -> Hits:
        """Posts that the viewer may read."""
        rows = queries.search_posts(viewer, query, before=before, size=SIZE)
        hits = [
            Hit(
                row.title,
                f"/posts/{row.public_id}",
                text=Later(partial(_excerpt, row.html, query)),
                meta=(shown.author(row).name, row.board_name),
                at=row.created_at,
                key=(row.html,),
            )
            for row in rows[:SIZE]
        ]
        return Hits(hits, before=rows[SIZE - 1].id if len(rows) > SIZE else None)
