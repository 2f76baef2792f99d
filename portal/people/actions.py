"""Writing persons: names, roles, groups, blocks, connections, standing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, or_, select, update

from portal.core import audit, clock, stamps
from portal.core.access import STAFF_ROLES, Viewer, viewer_of
from portal.core.db import add, db, upsert
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.core.text import one_line
from portal.people import policies, queries
from portal.people.models import Block, Connection, Group, GroupMember, Person, PersonRole
from portal.people.signals import person_changed, role_granted, roles_ended

if TYPE_CHECKING:
    from datetime import datetime

ONLY_ADMINS = "Only an admin can do this."


def create_person(full_name: str, call_name: str = "", *, by: Viewer) -> Person:
    """A person nobody has claimed yet; invisible to members on every surface (I11)."""
    require(by.system or by.has_role("admin"), ONLY_ADMINS)
    person = Person()
    person.take_name(_name(full_name), one_line(call_name))
    add(person)
    if not by.system:
        audit.record("create person", person, by=by, after={"name": person.full_name})
    return person


def claim_person(person: Person, *, by: Viewer) -> None:
    """The person took the account: from now on members can meet them."""
    require(by.system, "A person is claimed by signing in.")
    person.claimed_at = person.claimed_at or clock.now()
    _relist(person)


def rename(person: Person, full_name: str, call_name: str, *, by: Viewer) -> None:
    """Change the name, everywhere at once."""
    require(policies.can_change_self(by, person.id) or by.has_role("admin"), "You can only change your own name.")
    before = person.full_name
    person.take_name(_name(full_name), one_line(call_name))
    touch_access(person.id)
    person_changed.send(None, person_id=person.id)
    audit.record("rename", person, by=by, before={"name": before}, after={"name": person.full_name})


def set_preferences(person: Person, *, timezone: str, theme: str, shortcuts: bool, by: Viewer) -> None:
    """The reader's zone, theme and keys."""
    require(policies.can_change_self(by, person.id), "You can only change your own preferences.")
    person.timezone, person.theme, person.shortcuts = timezone, theme, shortcuts
    touch_access(person.id)


def step_back(person: Person, *, by: Viewer) -> None:
    """Hidden and no mail, until the person signs in again."""
    require(policies.can_change_self(by, person.id), "Only the person can step back.")
    person.stepped_back_at = clock.now()
    _relist(person)
    audit.record("step back", person, by=by)


def come_back(person: Person, *, by: Viewer) -> None:
    """Back among the members."""
    require(policies.can_change_self(by, person.id), "Only the person can come back.")
    if person.stepped_back_at is not None:
        person.stepped_back_at = None
        _relist(person)
        audit.record("come back", person, by=by)


def grant_role(person: Person, role: str, *, by: Viewer) -> None:
    """Let a person hold a role from now on."""
    subject = viewer_of(person.id)
    require(policies.can_grant_role(by, role, to=subject), _why_not_role(role))
    if role in subject.roles:
        return
    add(PersonRole(person_id=person.id, role=role, granted_by_id=by.person_id))
    touch_access(person.id)
    audit.record("grant role", person, by=by, note=role)
    role_granted.send(None, person_id=person.id, role=role, by=by)


def end_role(person: Person, role: str, *, because: str = "", by: Viewer) -> None:
    """End a role; the row stays as history."""
    left = queries.admins_beside(person.id)
    require(
        policies.can_end_role(by, role, admins_left=left), "The last admin can't go: give somebody else the role first."
    )
    _end_roles(person.id, [role], because, by)
    audit.record("end role", person, by=by, note=f"{role}: {because}" if because else role)


def end_staff_roles(person_id: int, *, by: Viewer) -> list[str]:
    """The employment at the host ended: its roles end at once, but the last admin's (I16)."""
    require(by.system or by.is_person(person_id) or by.has_role("admin"), ONLY_ADMINS)
    ending = [role.role for role in queries.open_roles(person_id) if role.role in STAFF_ROLES]
    if "admin" in ending and not queries.admins_beside(person_id):
        ending.remove("admin")
    if ending:
        _end_roles(person_id, ending, "The employment at the host ended.", by)
        audit.record("end role", ("person", person_id), by=by, note=", ".join(ending))
    return ending


def _end_roles(person_id: int, roles: list[str], because: str, by: Viewer) -> None:
    held = (PersonRole.person_id == person_id, PersonRole.role.in_(roles), PersonRole.ended_at.is_(None))
    db.session.execute(update(PersonRole).where(*held).values(ended_at=clock.now(), ended_because=because))
    touch_access(person_id)
    roles_ended.send(None, person_id=person_id, roles=roles, by=by)


def create_group(name: str, purpose: str, *, by: Viewer) -> Group:
    """A named set of members for audiences."""
    require(policies.can_manage_groups(by), ONLY_ADMINS)
    _check_group_name(name)
    group = add(Group(name=name, purpose=purpose))
    stamps.bump("groups")
    audit.record("create group", group, by=by, note=name)
    return group


def edit_group(group: Group, name: str, purpose: str, *, by: Viewer) -> None:
    """Call a group by another name, or say anew what it is for."""
    require(policies.can_manage_groups(by), ONLY_ADMINS)
    if name != group.name:
        _check_group_name(name)
    before = {"name": group.name, "purpose": group.purpose}
    group.name, group.purpose = name, purpose
    db.session.flush()
    audit.record("edit group", group, by=by, before=before, after={"name": name, "purpose": purpose})


def join_group(group: Group, person: Person, *, by: Viewer) -> None:
    """Put a person into a group."""
    require(policies.can_manage_groups(by), ONLY_ADMINS)
    values = {"group_id": group.id, "person_id": person.id, "joined_at": clock.now()}
    db.session.execute(upsert(GroupMember.__table__, values, keys=["group_id", "person_id"]))
    touch_access(person.id)
    audit.record("join group", group, by=by, about=person.id, note=group.name)


def leave_group(group: Group, person: Person, *, by: Viewer) -> None:
    """Take a person out of a group."""
    require(policies.can_manage_groups(by) or by.is_person(person.id), ONLY_ADMINS)
    db.session.execute(delete(GroupMember).where(GroupMember.group_id == group.id, GroupMember.person_id == person.id))
    touch_access(person.id)
    audit.record("leave group", group, by=by, about=person.id, note=group.name)


def block(person: Person, *, by: Viewer) -> None:
    """Not meet a person any more; an existing connection ends."""
    require(policies.can_block(by, person.id), "You can't block yourself.")
    values = {"blocker_id": by.person_id, "blocked_id": person.id, "since": clock.now()}
    db.session.execute(upsert(Block.__table__, values, keys=["blocker_id", "blocked_id"]))
    disconnect(person, by=by)
    _touch_pair(by, person)


def unblock(person: Person, *, by: Viewer) -> None:
    """Meet a person again."""
    require(policies.can_block(by, person.id), "You can't unblock yourself.")
    db.session.execute(delete(Block).where(Block.blocker_id == by.person_id, Block.blocked_id == person.id))
    _touch_pair(by, person)


def connect(person: Person, *, by: Viewer) -> None:
    """Two members agreed to see each other's contact details."""
    require(by.is_member and not by.is_person(person.id), "A connection needs two people.")
    low, high = sorted((by.person_id or 0, person.id))
    values = {"low_id": low, "high_id": high, "since": clock.now()}
    db.session.execute(upsert(Connection.__table__, values, keys=["low_id", "high_id"]))


def disconnect(person: Person, *, by: Viewer) -> None:
    """End a connection."""
    require(by.is_member, "Please sign in first.")
    low, high = sorted((by.person_id or 0, person.id))
    db.session.execute(delete(Connection).where(Connection.low_id == low, Connection.high_id == high))


def suspend(person: Person, until: datetime, *, by: Viewer) -> None:
    """Pause what a person may do here, until a date; moderation states the reason (I13)."""
    require(policies.can_suspend(by, viewer_of(person.id)), "You can't suspend this person.")
    person.suspended_until = until
    touch_access(person.id)


def lift_suspension(person: Person, *, by: Viewer) -> None:
    """End a suspension early."""
    require(by.has_role("moderator", "admin") and not by.is_person(person.id), "You can't lift this suspension.")
    person.suspended_until = None
    touch_access(person.id)


def touch_access(person_id: int) -> None:
    """What the person may do has changed: every process loads the viewer anew."""
    db.session.flush()
    db.session.execute(_TOUCH, {"touched_id": person_id}, execution_options={"synchronize_session": False})


_TOUCH = update(Person).where(Person.id == bindparam("touched_id")).values(access_version=Person.access_version + 1)


def touch_members_of(group: Group) -> None:
    """What the members of a group may do has changed."""
    members = select(GroupMember.person_id).where(GroupMember.group_id == group.id)
    db.session.execute(
        update(Person).where(Person.id.in_(members)).values(access_version=Person.access_version + 1),
        execution_options={"synchronize_session": False},
    )


def ensure_system() -> int:
    """The system's own row, made once."""
    found = db.session.execute(select(Person.id).where(Person.is_system)).scalar_one_or_none()
    if found is not None:
        return found
    person = Person(is_system=True)
    person.take_name("The portal", "The portal")
    return add(person).id


def _relist(person: Person) -> None:
    person.listed = person.claimed_at is not None and person.stepped_back_at is None and not person.is_system
    touch_access(person.id)
    person_changed.send(None, person_id=person.id)


def _touch_pair(by: Viewer, person: Person) -> None:
    db.session.execute(
        update(Person)
        .where(or_(Person.id == by.person_id, Person.id == person.id))
        .values(access_version=Person.access_version + 1),
        execution_options={"synchronize_session": False},
    )


def _check_group_name(name: str) -> None:
    if not 1 < len(name) <= 80:
        raise Invalid("A group's name has between 2 and 80 characters.", "name")
    if db.session.execute(select(Group.id).where(Group.name == name)).first():
        raise Invalid("There is a group with this name already.", "name")


def _name(full_name: str) -> str:
    name = " ".join(one_line(full_name).split())
    if not 1 < len(name) <= 120:
        raise Invalid("A name has between 2 and 120 characters.", "full_name")
    return name


def _why_not_role(role: str) -> str:
    return "This role needs a current employment at the host." if role in STAFF_ROLES else ONLY_ADMINS
