"""Markdown into what is stored: rendered once a revision, with the names of the day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from portal.core import markdown
from portal.core.errors import Invalid
from portal.core.settings import get
from portal.people.queries import names_of


@dataclass(frozen=True, slots=True)
class Cooked:
    """A post's words, ready to be stored."""

    body: str
    html: str
    mentioned: list[str]
    version: int = markdown.COOK_VERSION

    @property
    def links(self) -> int:
        """How many links to other places it holds."""
        return markdown.links_in(self.html)

    @property
    def plain(self) -> str:
        """The words alone, for search and excerpts."""
        return plain(self.html)


def cook(body: str) -> Cooked:
    """Render a post; too short, too long or too many mentions is told beside the text."""
    body = body.strip()
    low, high = get("post_min"), get("post_max")
    if not low <= len(body) <= high:
        raise Invalid(f"A post has between {low} and {high:,} characters.", "body")
    mentioned = markdown.mentioned(body)
    if len(mentioned) > get("mentions_per_post"):
        raise Invalid(f"A post may mention {get('mentions_per_post')} people at most.", "body")
    return Cooked(body, markdown.render(body, names_of(mentioned)), mentioned)


def plain(html: str) -> str:
    """The words of rendered HTML."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
