"""Reading persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.core import stamps
from portal.core.db import db, get_one, rows, scalars
from portal.core.memory import Memory
from portal.people import policies
from portal.people.models import Block, Connection, Group, GroupMember, Person, PersonRole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.core.access import Viewer

NOBODY = "There is nobody here, or not for you."


def person_for(viewer: Viewer, public_id: str) -> Person:
    """A person whom the viewer may meet."""
    return get_one(select(Person).where(Person.public_id == public_id, policies.listed_for(viewer)), NOBODY)


def any_person(public_id: str) -> Person:
    """A person, for the back office and the system."""
    return get_one(select(Person).where(Person.public_id == public_id), NOBODY)


def person_by_id(person_id: int) -> Person:
    """A person by the key inside."""
    return get_one(select(Person).where(Person.id == person_id), NOBODY)


def lock_person(person_id: int) -> None:
    """Hold a person's row until the transaction ends: who else writes about the same person waits."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def persons(ids: Iterable[int]) -> dict[int, Person]:
    """Persons by key, for pages that show authors."""
    return {person.id: person for person in scalars(select(Person).where(Person.id.in_(set(ids))))}


def names_of(public_ids: Iterable[str]) -> dict[str, str]:
    """The current names behind public ids, of those who can be met."""
    wanted = set(public_ids)
    if not wanted:
        return {}
    found = db.session.execute(
        select(Person.public_id, Person.full_name).where(Person.public_id.in_(wanted), Person.listed)
    )
    double, kept = aliased(Person), Person
    joined = select(double.public_id, kept.full_name).join(kept, kept.id == double.merged_into_id)
    merged = db.session.execute(joined.where(double.public_id.in_(wanted), kept.listed))
    return {row.public_id: row.full_name for row in (*found, *merged)}


def kept_behind(public_id: str) -> Person | None:
    """Whose double this was (I10): the account that stayed, however often accounts were joined since."""
    joined = select(Person.merged_into_id).where(Person.public_id == public_id)
    kept_id, found = db.session.execute(joined).scalar(), None
    while kept_id is not None:
        found = person_by_id(kept_id)
        kept_id = found.merged_into_id
    return found


def suggest(viewer: Viewer, folded: str, limit: int = 8) -> list[Person]:
    """Persons whose name begins with these letters, for mentions."""
    upto = folded + "\uffff"
    first_words = select(Person).where(policies.listed_for(viewer), Person.sort_name.between(folded, upto))
    found = scalars(first_words.order_by(Person.sort_name, Person.id).limit(limit))
    if len(found) < limit:
        later = select(Person).where(
            policies.listed_for(viewer), Person.sort_name.contains(" " + folded, autoescape=True)
        )
        seen = {person.id for person in found}
        found += [person for person in scalars(later.order_by(Person.sort_name).limit(limit)) if person.id not in seen]
    return found[:limit]


def connected_ids(person_id: int) -> set[int]:
    """The persons who are connected to this one."""
    other = case((Connection.low_id == person_id, Connection.high_id), else_=Connection.low_id)
    return set(scalars(select(other).where(or_(Connection.low_id == person_id, Connection.high_id == person_id))))


def admins_beside(person_id: int) -> int:
    """How many other admins there are."""
    open_admins = (
        select(func.count()).select_from(PersonRole).where(PersonRole.role == "admin", PersonRole.ended_at.is_(None))
    )
    return db.session.execute(open_admins.where(PersonRole.person_id != person_id)).scalar_one()


def holders(role: str) -> list[Person]:
    """Everybody who holds this role now."""
    held = select(PersonRole.person_id).where(PersonRole.role == role, PersonRole.ended_at.is_(None))
    return scalars(select(Person).where(Person.id.in_(held)).order_by(Person.sort_name))


def open_roles(person_id: int) -> list[PersonRole]:
    """The roles a person holds now."""
    return scalars(_OPEN_ROLES, person_id=person_id)


_OPEN_ROLES = (
    select(PersonRole)
    .where(PersonRole.person_id == bindparam("person_id"), PersonRole.ended_at.is_(None))
    .order_by(PersonRole.role)
)


def groups() -> list[Group]:
    """All groups by name."""
    return scalars(select(Group).order_by(Group.name))


_group_names: Memory[int, dict[int, str]] = Memory(2)


def group_names() -> dict[int, str]:
    """The groups' names by key, remembered until a group changes."""
    return _group_names.get(
        stamps.current("groups"), lambda: {row.id: row.name for row in rows(select(Group.id, Group.name))}
    )


def system_id() -> int:
    """The key of the system's own row."""
    return db.session.execute(_SYSTEM).scalar_one()


_SYSTEM = select(Person.id).where(Person.is_system)


def facts(person_id: int) -> dict[str, Any]:
    """What a viewer value holds of a person: names, standing, roles, groups, blocks; two queries."""
    (person,), found = rows(_VIEWER, me=person_id), rows(_STANDING, me=person_id)
    return {
        **dict(zip(_VIEWER_FIELDS, person, strict=True)),
        "roles": frozenset(row.name for row in found if row.what == "role"),
        "groups": frozenset(row.id for row in found if row.what == "group"),
        "blocks": frozenset(row.id for row in found if row.what == "block"),
    }


_VIEWER_FIELDS = (
    "public_id",
    "name",
    "call_name",
    "suspended_until",
    "joined_at",
    "timezone",
    "theme",
    "listed",
    "photo",
    "shortcuts",
)
_VIEWER_COLUMNS = (
    Person.public_id, Person.full_name, Person.call_name, Person.suspended_until, Person.claimed_at, Person.timezone, Person.theme,
    Person.listed, Person.photo, Person.shortcuts,
)  # fmt: skip
_VIEWER = select(*_VIEWER_COLUMNS).where(Person.id == bindparam("me"))
_STANDING: Any = union_all(
    select(literal("role").label("what"), PersonRole.role.label("name"), literal(0).label("id")).where(
        PersonRole.person_id == bindparam("me"), PersonRole.ended_at.is_(None)
    ),
    select(literal("group"), literal(""), GroupMember.group_id).where(GroupMember.person_id == bindparam("me")),
    select(literal("block"), literal(""), Block.blocked_id).where(Block.blocker_id == bindparam("me")),
    select(literal("block"), literal(""), Block.blocker_id).where(Block.blocked_id == bindparam("me")),
)
