"""Reading what home shows: rows of a few columns, one statement each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, literal, or_, select

from portal.accounts.models import EmailAddress
from portal.boards.grants import readable_boards
from portal.boards.models import Board, Post
from portal.careers.models import Position
from portal.core import clock, stamps
from portal.core.db import db, rows
from portal.core.memory import Memory
from portal.home.models import FIRST_STEPS, HomeDismissal
from portal.organisations.models import Organisation
from portal.people.faces import FACE
from portal.people.models import Person
from portal.profiles.policies import people_for, visible_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from portal.core.access import Viewer

NEW_FOR = timedelta(days=60)  # how long somebody counts as a newcomer


_boards: Memory[int, dict[int, Row[Any]]] = Memory(2)


def boards_by_id(viewer: Viewer) -> dict[int, Row[Any]]:
    """Name and address of the boards that the viewer may read, by key; remembered until a board changes."""
    every = _boards.get(stamps.current("boards"), _load_boards)
    return {board_id: every[board_id] for board_id in readable_boards(viewer) if board_id in every}


def _load_boards() -> dict[int, Row[Any]]:
    return {row.id: row for row in rows(select(Board.id, Board.public_id, Board.slug, Board.home_url, Board.name))}


def newcomers(viewer: Viewer, limit: int = 4) -> Sequence[Row[Any]]:
    """Members who came lately, of those whom the viewer may know: they were at one firm, as far as the viewer sees."""
    shared = (
        select(func.min(Organisation.name))
        .join(Position, Position.organisation_id == Organisation.id)
        .where(
            Position.person_id == Person.id,
            Organisation.id.in_(select(_mine.c.organisation_id).where(_mine.c.person_id == viewer.person_id)),
            visible_to(viewer, Position.audience, Position.person_id),
        )
        .correlate(Person)
        .scalar_subquery()
    )
    lately = and_(Person.claimed_at > clock.now() - NEW_FOR, Person.id != viewer.person_id)
    found = select(*FACE, Person.claimed_at, shared.label("firm")).where(
        people_for(viewer), lately, shared.is_not(None)
    )
    return rows(found.order_by(Person.claimed_at.desc(), Person.id.desc()).limit(limit))


_mine = Position.__table__.alias("my_position")


def first_steps(viewer: Viewer) -> Row[Any]:
    """Which of the first steps the viewer has done, and whether they were put away."""
    me = viewer.person_id

    def mine(table: Any, *more: Any) -> Any:
        return exists(select(literal(1)).where(table.person_id == me, *more))

    personal = mine(EmailAddress, EmailAddress.kind == "personal", EmailAddress.state == "live")
    career = mine(Position, or_(Position.relation_id.is_(None), Position.title != ""))
    spoke = exists(select(literal(1)).where(Post.author_id == me))
    return db.session.execute(
        select(
            mine(HomeDismissal, HomeDismissal.what == FIRST_STEPS).label("put_away"),
            personal.label("personal"), career.label("career"),
            spoke.label("spoke"),
        )
    ).one()  # fmt: skip
