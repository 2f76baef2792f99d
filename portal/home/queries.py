"""Reading what home shows: rows of a few columns, one statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, literal, or_, select

from portal.accounts.models import EmailAddress
from portal.boards.grants import readable_boards
from portal.boards.models import Board, Post
from portal.careers.models import Position
from portal.core import stamps
from portal.core.db import rows
from portal.core.memory import Memory
from portal.home.models import FIRST_STEPS, HomeDismissal

if TYPE_CHECKING:
    from sqlalchemy import Row

    from portal.core.access import Viewer

_boards: Memory[int, dict[int, Row[Any]]] = Memory(2)


def boards_by_id(viewer: Viewer) -> dict[int, Row[Any]]:
    """Name and address of the boards that the viewer may read, by key; remembered until a board changes."""
    every = _boards.get(stamps.current("boards"), _load_boards)
    return {board_id: every[board_id] for board_id in readable_boards(viewer) if board_id in every}


def _load_boards() -> dict[int, Row[Any]]:
    return {row.id: row for row in rows(select(Board.id, Board.public_id, Board.slug, Board.home_url, Board.name))}


def _is_there(person_id: Any, *more: Any) -> Any:
    return exists(select(literal(1)).where(person_id == bindparam("me"), *more))


_STEPS = select(
    _is_there(HomeDismissal.person_id, HomeDismissal.what == FIRST_STEPS).label("put_away"),
    _is_there(EmailAddress.person_id, EmailAddress.kind == "personal", EmailAddress.state == "live").label("personal"),
    _is_there(Position.person_id, or_(Position.relation_id.is_(None), Position.title != "")).label("career"),
    _is_there(Post.author_id).label("spoke"),
)


def first_steps(viewer: Viewer) -> Row[Any]:
    """Which of the first steps the viewer has done, and whether they were put away."""
    return rows(_STEPS, me=viewer.person_id)[0]
