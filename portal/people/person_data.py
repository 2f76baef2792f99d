"""What persons keep about a person beside the row itself: roles, groups, blocks, connections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from portal.core.db import db, rows, scalars, upsert
from portal.people.models import Block, Connection, Group, GroupMember, Person, PersonRole


class PeopleData:
    """Roles stay as history of the house without their holder's other traces; the rest goes with the person."""

    tables: tuple[str, ...] = ("person_role", "group_member", "block", "connection")

    def count(self, person_id: int) -> int:
        """How many roles and groups the person has or had."""
        roles = select(func.count()).select_from(PersonRole).where(PersonRole.person_id == person_id)
        groups = select(func.count()).select_from(GroupMember).where(GroupMember.person_id == person_id)
        return int(db.session.execute(roles).scalar_one() + db.session.execute(groups).scalar_one())

    def export(self, person_id: int) -> dict[str, Any]:
        """Roles with their dates, groups, since when there are connections, and whom the person does not want to meet."""
        roles = scalars(select(PersonRole).where(PersonRole.person_id == person_id).order_by(PersonRole.id))
        groups = rows(
            select(Group.name, GroupMember.joined_at).join(GroupMember).where(GroupMember.person_id == person_id)
        )
        met = select(Connection.since).where(or_(Connection.low_id == person_id, Connection.high_id == person_id))
        blocks = select(Person.full_name, Block.since).join(Block, Block.blocked_id == Person.id)
        blocks = blocks.where(Block.blocker_id == person_id).order_by(Block.since, Person.id)
        return {
            "roles": [{"role": one.role, "from": one.granted_at, "until": one.ended_at} for one in roles],
            "groups": [{"group": row.name, "since": row.joined_at} for row in groups],
            "connections_since": scalars(met.order_by(Connection.since)),
            "blocks": [{"whom": row.full_name, "since": row.since} for row in rows(blocks)],
        }

    def move(self, old_id: int, new_id: int) -> None:
        """Roles and groups follow a merge where the new account lacks them; blocks and connections are joined (R16)."""
        held = select(PersonRole.role).where(PersonRole.person_id == new_id, PersonRole.ended_at.is_(None))
        mine = (PersonRole.person_id == old_id, or_(PersonRole.ended_at.is_not(None), PersonRole.role.not_in(held)))
        db.session.execute(update(PersonRole).where(*mine).values(person_id=new_id))
        granted = update(PersonRole).where(PersonRole.granted_by_id == old_id)
        db.session.execute(granted.values(granted_by_id=new_id))
        joined = select(GroupMember.group_id).where(GroupMember.person_id == new_id)
        left = (GroupMember.person_id == old_id, GroupMember.group_id.not_in(joined))
        db.session.execute(update(GroupMember).where(*left).values(person_id=new_id))
        for blocker, blocked, since in db.session.execute(_blocks(old_id)).all():
            ends = {
                "blocker_id": new_id if blocker == old_id else blocker,
                "blocked_id": new_id if blocked == old_id else blocked,
            }
            _add_pair(Block, ends, since)
        for low, high, since in db.session.execute(_connections(old_id)).all():
            first, second = sorted((high if low == old_id else low, new_id))
            _add_pair(Connection, {"low_id": first, "high_id": second}, since)
        self.erase(old_id)

    def erase(self, person_id: int) -> None:
        """Forget groups, blocks and connections; end and forget roles."""
        db.session.execute(delete(GroupMember).where(GroupMember.person_id == person_id))
        db.session.execute(delete(Block).where(or_(Block.blocker_id == person_id, Block.blocked_id == person_id)))
        pair = or_(Connection.low_id == person_id, Connection.high_id == person_id)
        db.session.execute(delete(Connection).where(pair))
        db.session.execute(delete(PersonRole).where(PersonRole.person_id == person_id))
        granted = update(PersonRole).where(PersonRole.granted_by_id == person_id)
        db.session.execute(granted.values(granted_by_id=None))


def _blocks(person_id: int) -> Any:
    either = or_(Block.blocker_id == person_id, Block.blocked_id == person_id)
    return select(Block.blocker_id, Block.blocked_id, Block.since).where(either)


def _connections(person_id: int) -> Any:
    either = or_(Connection.low_id == person_id, Connection.high_id == person_id)
    return select(Connection.low_id, Connection.high_id, Connection.since).where(either)


def _add_pair(table: Any, ends: dict[str, int], since: datetime) -> None:
    """The pair, once, and nobody with themselves."""
    if len(set(ends.values())) == len(ends):
        db.session.execute(upsert(table.__table__, {**ends, "since": since}, keys=list(ends)))
