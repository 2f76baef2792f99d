"""What the weekly letter tells of news: unread ones, to those who want news weekly and not at once (C9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.jinja import spelled
from portal.core.parts import LetterPiece
from portal.news import queries
from portal.news.recipients import KIND
from portal.news.shown import item_url
from portal.notifications.queries import wants_weekly

if TYPE_CHECKING:
    from datetime import datetime

    from portal.core.access import Viewer

MOST = 3


class UnreadNews:
    """What the host told since the last letter, as far as it is for the member, unread and wanted weekly."""

    name, title, order = "news", "From the company", 30

    def gather(self, viewer: Viewer, since: datetime, *, told: frozenset[str], limit: int) -> list[LetterPiece]:
        """The newest first."""
        if viewer.person_id is None or not wants_weekly(viewer.person_id, KIND):
            return []
        unread = queries.unread_ids(viewer)
        found = [row for row in queries.latest(viewer) if row.id in unread and row.published_at > since]
        return [
            LetterPiece(str(row.id), row.title, item_url(row), text=row.lead, about=f"news:{row.id}")
            for row in found[: min(limit, MOST)]
        ]

    def gist(self, pieces: list[LetterPiece]) -> str:
        """ "two news items"."""
        return spelled(len(pieces), "news item", "news items")

    def readable(self, viewer: Viewer, keys: set[str]) -> set[str]:
        """Those that are still there for the viewer."""
        return {str(row.id) for row in queries.latest(viewer)} & keys
