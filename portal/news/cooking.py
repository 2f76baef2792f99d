"""An item's Markdown into what is stored: rendered once a revision, the same for preview, page and search."""

from __future__ import annotations

from portal.boards.cooking import plain
from portal.core import markdown
from portal.core.errors import Invalid

LONGEST = 30_000


def cook(body: str) -> str:
    """Render an item's body; what is too long is told beside the text."""
    if len(body) > LONGEST:
        raise Invalid(f"Keep it under {LONGEST:,} characters.", "body")
    return markdown.render(body.strip())


def searched(title: str, lead: str, html: str) -> str:
    """The words that find an item."""
    return f"{title} {lead} {plain(html)}"
