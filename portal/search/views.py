"""The search page: people and posts, each by its own feature's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request, url_for

from portal.core import parts
from portal.core.fragments import Later, Piece
from portal.core.jinja import ago
from portal.core.limits import limited
from portal.core.search_words import TOO_SHORT, says_enough
from portal.core.web import viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.core.parts import Hit, SearchSource

bp = Blueprint("search", __name__)


@bp.get("/search")
@limited("search")
def index() -> ResponseReturnValue:
    """What the words lead to, in tabs."""
    query = " ".join(request.args.get("q", "").split())[:200]
    sources: list[SearchSource] = parts.every("search_sources")
    chosen = next((source for source in sources if source.kind == request.args.get("tab")), sources[0])
    found = chosen.search(viewer(), query, before=request.args.get("before", type=int)) if says_enough(query) else None
    return render_template(
        "search/index.html",
        query=query,
        source=chosen,
        found=found,
        pieces=[_piece(hit, query, viewer().timezone) for hit in found.items if not hit.person] if found else [],
        tabs=_tabs(sources, chosen, query),
        too_short=TOO_SHORT,
    )


def _piece(hit: Hit, query: str, timezone: str) -> Piece:
    """What was found, with the words of the query marked; kept until a word of it changes."""
    key = (hit.title, hit.url, hit.meta, hit.at and ago(hit.at), hit.key or hit.text, query, timezone)
    return Piece(key, Later(lambda: {"hit": hit, "text": hit.text.make() if isinstance(hit.text, Later) else hit.text}))


def _tabs(sources: list[SearchSource], chosen: SearchSource, query: str) -> list[dict[str, Any]]:
    return [
        {"label": source.label, "url": url_for(".index", q=query, tab=source.kind), "active": source is chosen}
        for source in sources
    ]
