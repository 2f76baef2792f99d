"""The pages before and after one of a list, with its filters kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for

if TYPE_CHECKING:
    from portal.core.pages import Page


def cursors() -> dict[str, Any]:
    """Which page of a list is asked for."""
    return {"after": request.args.get("after"), "before": request.args.get("before")}


def neighbours(page: Page[Any], endpoint: str, **kept: Any) -> dict[str, str | None]:
    """The addresses of the pages next to this one."""
    given = {name: value for name, value in kept.items() if value}
    return {
        "older": url_for(endpoint, **given, after=page.older) if page.older else None,
        "newer": url_for(endpoint, **given, before=page.newer) if page.newer else None,
    }
