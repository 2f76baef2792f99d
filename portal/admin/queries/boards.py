"""Who can read a board: counted before it is saved, and shown for all boards at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, false, func, or_, select

from portal.admin.queries.people import phase_of
from portal.boards.grants import Audience, grants
from portal.boards.models import BoardModerator
from portal.careers.models import Relation
from portal.core.access import Viewer
from portal.core.db import db, rows, scalars
from portal.people.models import GroupMember, Person, PersonRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement

ROLES_MANY = {
    "moderator": "moderators", "staff": "staff posters", "seller": "sellers", "manager": "programme managers",
    "executive": "executives", "admin": "admins",
}  # fmt: skip
MEMBERS = and_(Person.claimed_at.is_not(None), Person.remembered_at.is_(None), Person.is_system.is_(False))


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
    return or_(false(), keeps_all, keeps, *(_belongs(line) for line in lines))


def _belongs(line: Audience) -> ColumnElement[bool]:
    if line.group_id is not None:
        return exists().where(GroupMember.person_id == Person.id, GroupMember.group_id == line.group_id)
    if line.role is not None:
        held = (PersonRole.role == line.role, PersonRole.ended_at.is_(None))
        return exists().where(PersonRole.person_id == Person.id, *held)
    return exists().where(Relation.person_id == Person.id, *phase_of(line.relation_kind or "any", line.phase))


def segment_sizes() -> dict[tuple[str, str], int]:
    """How many members have each kind of relation, former and current."""
    people = func.count(func.distinct(Relation.person_id)).label("people")
    listed = select(Relation.kind, people).join(Person, Person.id == Relation.person_id).where(MEMBERS)
    return {
        (row.kind, phase): row.people
        for phase in ("former", "current")
        for row in rows(listed.where(*phase_of("any", phase)).group_by(Relation.kind))
    }


def opens_to(board_id: int, kind: str, phase: str) -> bool:
    """Whether a board is open to everybody with this relation."""
    somebody = Viewer(person_id=0, relations=frozenset({(kind, phase)}))
    return any(line.includes(somebody) for line in grants().rules[board_id].audiences)


def beside_relations(board_id: int, group_names: dict[int, str]) -> list[str]:
    """The groups and roles that a board is open to, in words."""
    return [
        f"people of {group_names.get(line.group_id, 'a group')}" if line.group_id else ROLES_MANY[line.role or ""]
        for line in grants().rules[board_id].audiences
        if line.group_id or line.role
    ]
