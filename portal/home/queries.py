"""Reading what home shows: rows of a few columns, one statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, literal, or_, select, union_all

from portal.accounts.models import EmailAddress
from portal.boards.grants import readable_boards
from portal.boards.models import Board, Post
from portal.careers.models import Position
from portal.core import glance, stamps
from portal.core.db import rows
from portal.core.memory import Memory
from portal.home.models import FIRST_STEPS, HomeDismissal

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row

    from portal.core.access import Viewer

_boards: Memory[int, dict[int, Row[Any]]] = Memory(2)


def boards_by_id(viewer: Viewer) -> dict[int, Row[Any]]:
    """Name and address of the boards that the viewer may read, by key; remembered until a board changes."""
    every = _boards.get(stamps.current("boards"), _load_boards)
    return {board_id: every[board_id] for board_id in readable_boards(viewer) if board_id in every}


def _load_boards() -> dict[int, Row[Any]]:
    return {row.id: row for row in rows(select(Board.id, Board.public_id, Board.slug, Board.home_url, Board.name))}


def _steps(me: Any) -> ColumnElement[Any]:
    facts = {
        "put_away": (HomeDismissal.person_id == me, HomeDismissal.what == FIRST_STEPS),
        "personal": (EmailAddress.person_id == me, EmailAddress.kind == "personal", EmailAddress.state == "live"),
        "career": (Position.person_id == me, or_(Position.relation_id.is_(None), Position.title != "")),
        "spoke": (Post.author_id == me,),
    }
    true_ = union_all(*(select(literal(name).label("fact")).where(exists().where(*so)) for name, so in facts.items()))
    return select(glance.collected(true_.subquery().c.fact)).scalar_subquery()


glance.for_tasks("first_steps", _steps)


def first_steps(viewer: Viewer) -> set[str]:
    """Which of the first steps the viewer has done (personal, career, spoke), and `put_away` if they are."""
    return glance.listed(glance.of("first_steps", viewer.person_id))
