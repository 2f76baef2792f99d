"""Reading careers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import joinedload

from portal.careers.models import Position, Relation
from portal.core import clock
from portal.core.db import db, get_one, scalars

if TYPE_CHECKING:
    from datetime import date


def facts(person_id: int) -> dict[str, Any]:
    """The kinds of relation a viewer has, each former or current."""
    found = db.session.execute(select(Relation.kind, Relation.ends_on).where(Relation.person_id == person_id))
    today = clock.today()
    return {"relations": frozenset((kind, "former" if end and end <= today else "current") for kind, end in found)}


def relations_of(person_id: int) -> list[Relation]:
    """A person's bonds with the host, newest first."""
    found = select(Relation).where(Relation.person_id == person_id).options(joinedload(Relation.organisation))
    return scalars(found.order_by(Relation.starts_on.desc(), Relation.id.desc()))


def positions_of(person_id: int) -> list[Position]:
    """A person's career, the open and the newest first."""
    found = select(Position).where(Position.person_id == person_id).options(joinedload(Position.organisation))
    return scalars(found.order_by(Position.ends_on.is_not(None), Position.starts_on.desc(), Position.id.desc()))


def own_position(person_id: int, public_id: str) -> Position:
    """One of a person's own positions."""
    found = select(Position).where(Position.public_id == public_id, Position.person_id == person_id)
    return get_one(found.options(joinedload(Position.organisation)), "There is no such entry in your career.")


def relation(public_id: str) -> Relation:
    """A relation, for the back office."""
    return get_one(select(Relation).where(Relation.public_id == public_id).options(joinedload(Relation.organisation)), "There is no such relation.")


def open_ties(person_id: int, organisation_id: int, day: date) -> int:
    """How many positions and relations tie a person to an organisation on a day."""
    counts = [
        select(func.count().label("n")).where(table.person_id == person_id, table.organisation_id == organisation_id, table.open_on(day))
        for table in (Position, Relation)
    ]
    both = union_all(*counts).subquery()
    return db.session.execute(select(func.sum(both.c.n))).scalar_one()
