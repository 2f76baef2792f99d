"""What careers keep about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from portal.careers import queries
from portal.careers.models import Assignment, Move, Position, Relation
from portal.careers.signals import career_changed
from portal.core.db import db, scalars


class CareerData:
    """Relations, positions, the firms worked with and moves; all of them go with the person."""

    tables: tuple[str, ...] = ("relation", "position", "assignment", "move")

    def count(self, person_id: int) -> int:
        """How many entries the career has."""
        found = select(func.count()).select_from(Position).where(Position.person_id == person_id)
        return db.session.execute(found).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """The person's record with the host, career and moves."""
        relations = [_entry(row) | {"kind": row.kind} for row in queries.relations_of(person_id)]
        moves = scalars(select(Move).where(Move.person_id == person_id).order_by(Move.id))
        positions = queries.positions_of(person_id)
        assignments = queries.assignments_of([row.id for row in positions])
        return {
            "relations": relations,
            "positions": [_entry(row) for row in positions],
            "worked_with": [
                {"organisation": row.organisation.name, "what": row.what, "when": row.when} for row in assignments
            ],
            "moves": [
                {"moved_on": move.moved_on, "declared_at": move.declared_at, "may_happen": move.wished}
                for move in moves
            ],
        }

    def move(self, old_id: int, new_id: int) -> None:
        """On a merge everything follows; entries that are there twice are the person's to tidy up."""
        for table in (Relation, Position, Assignment, Move):
            db.session.execute(update(table).where(table.person_id == old_id).values(person_id=new_id))
        db.session.execute(update(Move).where(Move.declared_by_id == old_id).values(declared_by_id=new_id))
        for person_id in (old_id, new_id):
            career_changed.send(None, person_id=person_id)

    def erase(self, person_id: int) -> None:
        """Forget the career and the host's record of it."""
        for table in (Move, Assignment, Position, Relation):
            db.session.execute(delete(table).where(table.person_id == person_id))
        db.session.execute(update(Move).where(Move.declared_by_id == person_id).values(declared_by_id=None))
        career_changed.send(None, person_id=person_id)


def _entry(row: Position | Relation) -> dict[str, Any]:
    return {
        "organisation": row.organisation.name,
        "title": row.title,
        "department": row.department,
        "site": row.site,
        "start": row.start and row.start.text,
        "end": row.end and row.end.text,
        "audience": row.audience,
    }
