"""Who can read a board: counted before it is saved, and shown for all boards at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, select

from portal.boards.grants import grants
from portal.boards.models import BoardModerator
from portal.careers.audiences import MEMBERS, Audience, any_of
from portal.core.access import Viewer
from portal.core.db import db, scalars
from portal.people.models import Person, PersonRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement


@dataclass(frozen=True, slots=True)
class Readers:
    """How many members an audience has, and what changes against the one in force."""

    count: int
    gained: int
    lost: int
    losing: list[str]  # a few names of those who would lose it


def readers(lines: Sequence[Audience], board_id: int | None = None) -> Readers:
    """Who could read a board with this audience; moderators read it whatever it is, so they don't change."""
    old = grants().rules[board_id].audiences if board_id is not None else ()
    before, after = reads(old, board_id), reads(lines, board_id)
    counts = (
        func.count().filter(after).label("readers"),
        func.count().filter(and_(after, ~before)).label("gained"),
        func.count().filter(and_(before, ~after)).label("lost"),
    )
    found = db.session.execute(select(*counts).select_from(Person).where(MEMBERS)).one()
    losing = select(Person.full_name).where(MEMBERS, before, ~after).order_by(Person.sort_name).limit(5)
    return Readers(found.readers, found.gained, found.lost, scalars(losing) if found.lost else [])


def reads(lines: Iterable[Audience], board_id: int | None) -> ColumnElement[bool]:
    """Where-clause on `Person`: belongs to one of the lines, or moderates the board."""
    keeps_all = exists().where(
        PersonRole.person_id == Person.id, PersonRole.role == "moderator", PersonRole.ended_at.is_(None)
    )
    keeps = exists().where(BoardModerator.person_id == Person.id, BoardModerator.board_id == board_id)
    return any_of(lines, keeps_all, keeps)


def opens_to(board_id: int, kind: str, phase: str) -> bool:
    """Whether a board is open to everybody with this relation."""
    somebody = Viewer(person_id=0, relations=frozenset({(kind, phase)}))
    return any(line.includes(somebody) for line in grants().rules[board_id].audiences)


def beside_relations(board_id: int, group_names: dict[int, str]) -> list[str]:
    """The groups and roles that a board is open to, in words."""
    return [line.words(group_names) for line in grants().rules[board_id].audiences if line.group_id or line.role]
