"""Who may write news and who sees it: those who see the board of its comments, and nobody else (M1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_

from portal.boards.grants import readable_boards
from portal.boards.policies import PARAMS
from portal.core.sets import is_one_of, is_word
from portal.news.models import NewsItem

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from portal.core.access import Viewer

WRITERS = ("staff", "admin")


def _found(boards: Any) -> ColumnElement[bool]:
    """What stands in lists, is found and is mailed."""
    return and_(is_one_of(NewsItem.board_id, boards), NewsItem.state == "published")


def _there(boards: Any) -> ColumnElement[bool]:
    """What has a page: an item that was taken back says so to those who could read it."""
    return and_(is_one_of(NewsItem.board_id, boards), is_word(NewsItem.state, "published", "withdrawn"))


# The same clauses for statements that are prepared once; `reading(viewer)` fills them in.
FOUND, THERE = _found(PARAMS["boards"]), _there(PARAMS["boards"])


def reading(viewer: Viewer) -> dict[str, Any]:
    """What the clauses need to know of a viewer."""
    return {"boards": sorted(readable_boards(viewer))}


def found_by(viewer: Viewer) -> ColumnElement[bool]:
    """Items that lists and search may show."""
    return _found(**reading(viewer))


def can_write(by: Viewer) -> bool:
    """Those who post for the host write, publish, correct and take back; any of them what another began."""
    return by.is_member and by.has_role(*WRITERS) and not by.is_suspended


def can_answer(by: Viewer, state: str, ask: str, board_id: int | None) -> bool:
    """Whoever sees an item may answer what it asks."""
    asks = state == "published" and ask in ("choice", "words")
    return asks and board_id in readable_boards(by) and not by.is_suspended
