"""Groups and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from portal.boards.models import Board, BoardAudience
from portal.core.db import get_one, rows, scalars
from portal.core.pages import Page, keyset
from portal.people.faces import FACE, Face
from portal.people.models import Group, GroupMember, Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

PAGE_SIZE = 50


def groups() -> Sequence[Row[Any]]:
    """All groups with how many people they have."""
    size = func.count(GroupMember.person_id).label("size")
    found = select(Group.public_id, Group.name, Group.purpose, Group.created_at, size)
    return rows(found.outerjoin(GroupMember).group_by(Group.id).order_by(Group.name))


def group(public_id: str) -> Group:
    """A group."""
    return get_one(select(Group).where(Group.public_id == public_id), "There is no such group.")


def members(found: Group, *, after: str | None = None, before: str | None = None) -> Page[tuple[Face, Any]]:
    """The people of a group by name, and since when."""
    listed = select(*FACE, GroupMember.joined_at).join(GroupMember, GroupMember.person_id == Person.id)
    page = keyset(
        listed.where(GroupMember.group_id == found.id), (Person.sort_name, Person.id),
        size=PAGE_SIZE, after=after, before=before, ascending=True,
    )  # fmt: skip
    return page.map(lambda row: (Face.of(row), row.joined_at))


def boards_of(found: Group) -> list[Board]:
    """The boards that a group opens."""
    opened = select(BoardAudience.board_id).where(BoardAudience.group_id == found.id)
    return scalars(select(Board).where(Board.id.in_(opened)).order_by(Board.name))
