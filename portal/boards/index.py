"""The index that finds posts by their words."""

from __future__ import annotations

from portal.core.search import SearchIndex

POSTS = SearchIndex("post")
