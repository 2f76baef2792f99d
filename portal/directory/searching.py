"""People in the one search box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from portal.core.parts import Hit, Hits
from portal.directory import queries
from portal.directory.queries import Filters

if TYPE_CHECKING:
    from portal.core.access import Viewer


class PeopleSearch:
    """The first people that the words lead to; the people page has the rest, and filters."""

    kind = "people"
    label = "People"

    def search(self, viewer: Viewer, query: str, *, before: int | None = None) -> Hits:
        """People by name first, then by what else they show."""
        wanted = Filters.of({"q": query})
        found = queries.search_page(viewer, wanted)[0].items
        found += queries.similar_names(viewer, wanted, found) if len(found) < queries.FEW else []
        hits = [Hit(card.name, card.url, text=card.reason or card.now, person=card) for card in found]
        return Hits(hits, more_url=url_for("directory.people", q=query))
