"""Who may see a person at all, and who may change roles, groups and standing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, not_, or_, select, true

from portal.core.access import STAFF_ROLES, Viewer
from portal.core.sets import is_one_of
from portal.people.models import Block, Canary, Connection, Person

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def listed_for(viewer: Viewer) -> ColumnElement[bool]:
    """Persons whom this viewer may meet: claimed, not stepped back, no block between them."""
    return listed(viewer.person_id if viewer.is_member else None, viewer.blocks or None)


def listed(me: Any = None, blocks: Any = None) -> ColumnElement[bool]:
    """The same from values or from bound parameters: a member meets themselves too, a visitor has neither."""
    shown: ColumnElement[bool] = Person.listed.is_(True)
    if blocks is not None:
        shown = and_(shown, not_(is_one_of(Person.id, blocks)))
    return shown if me is None else or_(shown, Person.id == me)


def apart(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether a block is between two people, by columns or parameters."""
    either_way = or_(
        and_(Block.blocker_id == one, Block.blocked_id == other),
        and_(Block.blocked_id == one, Block.blocker_id == other),
    )
    return exists().where(either_way).correlate_except(Block)


def is_real() -> ColumnElement[bool]:
    """Nobody made-up: those are met by whoever looks everybody up, and are in no figure, suggestion or mail (P3)."""
    return Person.id.not_in(select(Canary.person_id))


def everybody() -> ColumnElement[bool]:
    """All persons, for the back office."""
    return true()


def can_grant_role(by: Viewer, role: str, *, to: Viewer) -> bool:
    """Admins grant roles; a role of the host's staff needs a current employment at the host (I16)."""
    if not (by.has_role("admin") or by.system):
        return False
    return role not in STAFF_ROLES or ("employee", "current") in to.relations


def can_end_role(by: Viewer, role: str, *, admins_left: int) -> bool:
    """Admins end roles; the last admin can't go (I16)."""
    if not (by.has_role("admin") or by.system):
        return False
    return role != "admin" or admins_left > 0


def can_manage_groups(by: Viewer) -> bool:
    """Admins keep the groups."""
    return by.has_role("admin") or by.system


def can_block(by: Viewer, person_id: int) -> bool:
    """Any member may block any other."""
    return by.is_member and not by.is_person(person_id)


def can_suspend(by: Viewer, person: Viewer) -> bool:
    """The role moderator or admin; nobody themselves; an admin only by an admin."""
    if by.is_person(person.person_id) or not by.has_role("moderator", "admin"):
        return False
    return by.has_role("admin") or not person.has_role("admin")


def can_change_self(by: Viewer, person_id: int) -> bool:
    """One's own name, zone, and stepping back."""
    return by.system or by.is_person(person_id)


def connected(me: Any, other_id_column: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether this person and the one in the column are connected."""
    low = exists().where(Connection.low_id == me, Connection.high_id == other_id_column)
    high = exists().where(Connection.high_id == me, Connection.low_id == other_id_column)
    return or_(low, high)
