"""Reading careers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Integer, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import joinedload

from portal.careers.models import Assignment, Move, Position, Relation
from portal.careers.signals import move_blockers, move_consequences
from portal.core import clock
from portal.core.access import STAFF_ROLES
from portal.core.db import db, get_one, rows, scalars
from portal.core.sets import is_one_of, several
from portal.core.text import fold
from portal.organisations.models import Organisation
from portal.organisations.queries import host
from portal.people.models import Person
from portal.people.queries import admins_beside, open_roles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Select

OPEN_AUDIENCES = ("public", "members")
_ID: Any = bindparam("person_id", type_=Integer)
_FIRM: Any = bindparam("organisation_id", type_=Integer)
_DAY: Any = bindparam("day", type_=Date)
# Put together once: they run for every viewer, and again at each change of a career.
_KINDS = select(Relation.kind, Relation.ends_on).where(Relation.person_id == _ID)
_RELATIONS = (
    select(Relation)
    .where(Relation.person_id == _ID)
    .options(joinedload(Relation.organisation))
    .order_by(Relation.starts_on.desc(), Relation.id.desc())
)
_POSITIONS = (
    select(Position)
    .where(Position.person_id == _ID)
    .options(joinedload(Position.organisation))
    .order_by(Position.ends_on.is_not(None), Position.starts_on.desc(), Position.id.desc())
)
_ASSIGNMENTS = (
    select(Assignment)
    .where(is_one_of(Assignment.position_id, several("position_ids", Integer)))
    .options(joinedload(Assignment.organisation))
    .order_by(Assignment.starts_on.desc(), Assignment.id.desc())
)


def facts(person_id: int) -> dict[str, Any]:
    """The kinds of relation a viewer has, each former or current."""
    found, today = rows(_KINDS, person_id=person_id), clock.today()
    phases = ((row.kind, "former" if row.ends_on and row.ends_on <= today else "current") for row in found)
    return {"relations": frozenset(phases)}


def relations_of(person_id: int) -> list[Relation]:
    """A person's bonds with the host, newest first."""
    return scalars(_RELATIONS, person_id=person_id)


def positions_of(person_id: int) -> list[Position]:
    """A person's career, the open and the newest first."""
    return scalars(_POSITIONS, person_id=person_id)


def current_positions(person_id: int) -> list[Position]:
    """The positions that are open today."""
    return [position for position in positions_of(person_id) if not position.is_over]


def own_position(person_id: int, public_id: str) -> Position:
    """One of a person's own positions."""
    found = select(Position).where(Position.public_id == public_id, Position.person_id == person_id)
    return get_one(found.options(joinedload(Position.organisation)), "There is no such entry in your career.")


def assignments_of(position_ids: Iterable[int]) -> list[Assignment]:
    """The firms that somebody worked with from these positions, the latest first."""
    ids = list(position_ids)
    return scalars(_ASSIGNMENTS, position_ids=ids) if ids else []


def own_assignment(person_id: int, public_id: str) -> Assignment:
    """One of the firms that a person worked with, with the position it hangs on."""
    found = select(Assignment).where(Assignment.public_id == public_id, Assignment.person_id == person_id)
    loaded = found.options(joinedload(Assignment.organisation), joinedload(Assignment.position))
    return get_one(loaded, "There is no such firm in your career.")


def relation(public_id: str) -> Relation:
    """A relation, for the back office."""
    found = select(Relation).where(Relation.public_id == public_id).options(joinedload(Relation.organisation))
    return get_one(found, "There is no such relation.")


def own_move(person_id: int, public_id: str) -> Move:
    """One of a person's own moves, with both ends."""
    found = select(Move).where(Move.public_id == public_id, Move.person_id == person_id)
    ends = [joinedload(end).joinedload(Position.organisation) for end in (Move.left, Move.started)]
    return get_one(found.options(*ends), "There is no such move.")


def last_move(person_id: int) -> Move | None:
    """What a person declared last."""
    found = select(Move).where(Move.person_id == person_id).order_by(Move.id.desc()).limit(1)
    return db.session.execute(found).scalar_one_or_none()


def open_ties(person_id: int, organisation_id: int, day: date, *, beside: Position | None = None) -> int:
    """How many positions and relations tie a person to an organisation on a day, maybe leaving one position aside.

    At the host its own record alone counts: an entry that a person added there keeps no role and no address (I16).
    """
    position_id, relation_id = (beside.id, beside.relation_id or 0) if beside is not None else (0, 0)
    return int(db.session.execute(_OPEN_TIES, {
        "person_id": person_id, "organisation_id": organisation_id, "day": day,
        "position_id": position_id, "relation_id": relation_id,
    }).scalar_one())  # fmt: skip


def _open_ties() -> Select[int]:
    counts = []
    for table, besides in ((Position, "position_id"), (Relation, "relation_id")):
        here = (table.person_id == _ID, table.organisation_id == _FIRM, table.id != bindparam(besides, type_=Integer))
        counts.append(select(func.count().label("n")).select_from(table).where(*here, table.open_on(_DAY)))
    is_host = exists(select(Organisation.id).where(Organisation.id == _FIRM, Organisation.is_host))
    counts[0] = counts[0].where(or_(Position.relation_id.is_not(None), ~is_host))
    both = union_all(*counts).subquery()
    return select(func.sum(both.c.n))


_OPEN_TIES = _open_ties()


def consequences(position: Position) -> list[str]:
    """What will happen when the person leaves this position, in sentences."""
    if open_ties(position.person_id, position.organisation_id, clock.today(), beside=position):
        return []
    told = [sentence for ask in move_consequences for sentence in ask(position.person_id, position.organisation_id)]
    return told + _ending_roles(position)


def blockers_of(position: Position) -> list[str]:
    """What must be done before the person may leave this position, their last tie to the firm (I5, I16)."""
    person_id, organisation_id = position.person_id, position.organisation_id
    if open_ties(person_id, organisation_id, clock.today(), beside=position):
        return []
    told = [sentence for ask in move_blockers for sentence in ask(person_id, organisation_id)]
    return told + _last_admin(person_id, organisation_id)


def suggest_organisations(text: str, limit: int = 8) -> list[Organisation]:
    """Organisations whose name begins like this, of those that a member shows to all members (I11).

    Whom the host works with, or would like to, is not told.
    """
    folded = fold(text)
    named = select(Position.id).join(Person, Person.id == Position.person_id).where(Person.listed)
    shown = exists(named.where(Position.organisation_id == Organisation.id, Position.audience.in_(OPEN_AUDIENCES)))
    known = or_(Organisation.is_host, shown)
    found = select(Organisation).where(Organisation.folded_name.between(folded, folded + "\uffff"), known)
    return scalars(found.order_by(Organisation.folded_name).limit(limit)) if folded else []


def _ending_roles(position: Position) -> list[str]:
    if position.organisation_id != host().id:
        return []
    ending = [role.role for role in open_roles(position.person_id) if role.role in STAFF_ROLES]
    roles = ", ".join(ending)
    return [f"Your roles here that come with the job end at once: {roles}. You stay a member."] if ending else []


def _last_admin(person_id: int, organisation_id: int) -> list[str]:
    if organisation_id != host().id or admins_beside(person_id):
        return []
    if "admin" not in {role.role for role in open_roles(person_id)}:
        return []
    return ["You are the last admin here. Give somebody else the role first."]
