"""The index that finds news by their words."""

from __future__ import annotations

from portal.core.search import SearchIndex

NEWS = SearchIndex("news")
