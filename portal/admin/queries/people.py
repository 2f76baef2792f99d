"""Everybody: members, those who have not claimed their record, those who stepped back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import EmailAddress, Invitation
from portal.careers.audiences import phase_of
from portal.careers.models import Relation
from portal.core import clock
from portal.core.audit import AuditRow
from portal.core.db import rows, scalars
from portal.core.errors import Invalid
from portal.core.pages import Page, keyset
from portal.core.text import fold
from portal.people.faces import FACE, Face
from portal.people.models import Group, GroupMember, Person, PersonRole
from portal.profiles.models import PersonTerm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Row


PAGE_SIZE = 50
STATES = {
    "member": "Members",
    "invited": "Invited, not here yet",
    "uninvited": "Nobody has invited them",
    "hidden": "Stepped back",
    "suspended": "Suspended",
    "unreachable": "No mail gets through",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of people is narrowed to."""

    q: str = ""
    state: str = ""
    role: str = ""
    kind: str = ""


@dataclass(slots=True)
class Record:
    """A person as the back office lists them."""

    face: Face
    claimed_at: datetime | None
    stepped_back_at: datetime | None
    remembered_at: datetime | None
    suspended_until: datetime | None
    invited_until: datetime | None
    relations: list[tuple[str, str, str]] = field(default_factory=list)  # kind, phase, department
    roles: list[str] = field(default_factory=list)


def people(filters: Filters, *, after: str | None = None, before: str | None = None) -> Page[Record]:
    """Everybody whom the filters leave, by name."""
    found = select(
        *FACE, Person.claimed_at, Person.stepped_back_at, Person.remembered_at, Person.suspended_until,
        _invited_until().label("invited_until"),
    ).where(Person.is_system.is_(False), Person.erased_at.is_(None), *_conditions(filters))  # fmt: skip
    page = keyset(found, (Person.sort_name, Person.id), size=PAGE_SIZE, after=after, before=before, ascending=True)
    return _completed(page.map(_record))


def people_by_id(ids: Iterable[int]) -> dict[int, Record]:
    """Some persons as the back office shows them."""
    found = select(
        *FACE, Person.claimed_at, Person.stepped_back_at, Person.remembered_at, Person.suspended_until,
        _invited_until().label("invited_until"),
    ).where(Person.id.in_(set(ids)))  # fmt: skip
    return {record.face.id: record for record in _completed(Page([_record(row) for row in rows(found)])).items}


def namesakes(full_name: str, *, beside: int | None = None, limit: int = 5) -> list[Record]:
    """Persons of this or a longer name: a hint for people's eyes, never a reason to link anything (R17)."""
    words = fold(full_name).split()
    if not words:
        return []
    alike = [Person.sort_name.contains(word, autoescape=True) for word in {words[0], words[-1]}]
    found = select(Person.id).where(*alike, Person.is_system.is_(False), Person.id != beside)
    return list(people_by_id(scalars(found.order_by(Person.sort_name).limit(limit))).values())


def chosen(text: str) -> Person:
    """The one person that was typed: a name, or a name with the public id behind it, as the suggestions give it."""
    name, _, tail = text.strip().rpartition("(")
    if tail.endswith(")") and (found := _with_public_id(tail[:-1])):
        return found
    alike = scalars(select(Person).where(Person.sort_name == fold(text), Person.is_system.is_(False)).limit(6))
    if len(alike) == 1:
        return alike[0]
    if alike:
        names = ", ".join(f"{person.full_name} ({person.public_id})" for person in alike)
        raise Invalid(f"Several people have this name. Write one of these: {names}.", "person")
    raise Invalid("Nobody has this name. Choose from the suggestions, or write the whole name.", "person")


def suggest(text: str, limit: int = 8) -> list[Record]:
    """Anybody whose name holds these letters: names that begin with them first, then those of which another word does."""
    typed = fold(text)
    begins = Person.sort_name.startswith(typed, autoescape=True)
    inside = Person.sort_name.contains(f" {typed}", autoescape=True)
    found = select(Person.id).where(Person.sort_name.contains(typed, autoescape=True), Person.is_system.is_(False))
    best = case((begins, 0), (inside, 1), else_=2)
    ids = scalars(found.order_by(best, Person.sort_name, Person.id).limit(limit))
    records = people_by_id(ids)
    return [records[each] for each in ids]


def roles_of(person_id: int) -> Sequence[Row[Any]]:
    """Every role that a person holds or held, the newest first."""
    giver = aliased(Person)
    return rows(
        select(PersonRole.role, PersonRole.granted_at, PersonRole.ended_at, PersonRole.ended_because, giver.full_name.label("giver"))
        .outerjoin(giver, giver.id == PersonRole.granted_by_id)
        .where(PersonRole.person_id == person_id).order_by(PersonRole.id.desc())
    )  # fmt: skip


def groups_of(person_id: int) -> list[Group]:
    """The groups a person is in."""
    mine = select(GroupMember.group_id).where(GroupMember.person_id == person_id)
    return scalars(select(Group).where(Group.id.in_(mine)).order_by(Group.name))


def invitations_of(person_id: int) -> list[Invitation]:
    """The invitations that were sent to a person, the newest first."""
    found = select(Invitation).where(Invitation.person_id == person_id)
    return scalars(found.order_by(Invitation.id.desc()).limit(10))


def audit_about(person_id: int, limit: int = 12) -> list[AuditRow]:
    """What was done about or by a person, the newest first."""
    theirs = or_(AuditRow.subject_id == person_id, AuditRow.actor_id == person_id)
    return scalars(select(AuditRow).where(theirs).order_by(AuditRow.id.desc()).limit(limit))


def _with_public_id(public_id: str) -> Person | None:
    found = scalars(select(Person).where(Person.public_id == public_id, Person.is_system.is_(False)))
    return found[0] if found else None


def _record(row: Row[Any]) -> Record:
    return Record(
        Face.of(row), row.claimed_at, row.stepped_back_at, row.remembered_at, row.suspended_until, row.invited_until
    )


def _completed(page: Page[Record]) -> Page[Record]:
    """The same page with relations and roles: two statements, however many rows."""
    records, today = {record.face.id: record for record in page.items}, clock.today()
    bonds = select(Relation.person_id, Relation.kind, Relation.ends_on, Relation.department)
    for row in rows(bonds.where(Relation.person_id.in_(records)).order_by(Relation.starts_on.desc())):
        phase = "former" if row.ends_on and row.ends_on <= today else "current"
        records[row.person_id].relations.append((row.kind, phase, row.department))
    held = select(PersonRole.person_id, PersonRole.role).where(PersonRole.ended_at.is_(None))
    for row in rows(held.where(PersonRole.person_id.in_(records)).order_by(PersonRole.role)):
        records[row.person_id].roles.append(row.role)
    return page


def _open_invitation() -> ColumnElement[bool]:
    return and_(
        Invitation.person_id == Person.id, Invitation.claimed_at.is_(None), Invitation.ended_at.is_(None),
    )  # fmt: skip


def _invited_until() -> Any:
    return select(func.max(Invitation.expires_at)).where(_open_invitation()).correlate(Person).scalar_subquery()


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    wanted = [_named(filters.q)] if filters.q.strip() else []
    if filters.state in STATES:
        wanted.append(_in_state(filters.state))
    if filters.role:
        held = (PersonRole.person_id == Person.id, PersonRole.role == filters.role, PersonRole.ended_at.is_(None))
        wanted.append(exists().where(*held))
    if filters.kind:
        kind, _, phase = filters.kind.partition(":")
        wanted.append(exists().where(Relation.person_id == Person.id, *phase_of(kind, phase)))
    return wanted


def _named(text: str) -> ColumnElement[bool]:
    typed = text.strip()
    if "@" in typed:
        at = [
            select(table.person_id).where(table.norm.startswith(typed.lower(), autoescape=True))
            for table in (EmailAddress, Invitation)
        ]
        return Person.id.in_(at[0].union(at[1]))
    told = (
        PersonTerm.source == "former",
        PersonTerm.audience.in_(("public", "members")),
    )  # not what they keep to themselves
    former = select(PersonTerm.person_id).where(*told, PersonTerm.folded.contains(fold(typed), autoescape=True))
    return or_(
        Person.sort_name.contains(fold(typed), autoescape=True), Person.id.in_(former), Person.public_id == typed
    )


def _in_state(state: str) -> ColumnElement[bool]:
    invited = exists().where(_open_invitation(), Invitation.expires_at > clock.now())
    broken = exists().where(EmailAddress.person_id == Person.id, EmailAddress.state.in_(("suspended", "dead")))
    fine = exists().where(EmailAddress.person_id == Person.id, EmailAddress.state == "live")
    return {
        "member": Person.listed.is_(True),
        "invited": and_(Person.claimed_at.is_(None), invited),
        "uninvited": and_(Person.claimed_at.is_(None), ~invited),
        "hidden": Person.stepped_back_at.is_not(None),
        "suspended": Person.suspended_until > clock.now(),
        "unreachable": and_(Person.claimed_at.is_not(None), broken, ~fine),
    }[state]
