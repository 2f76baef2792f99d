"""Two unclaimed records become one, and an undo takes them apart again (R17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, or_, select, update

from portal.core import parts
from portal.core.db import add, db
from portal.imports.batches import asked
from portal.imports.models import ImportedThing, ImportMatch, ImportMerge, ImportRow
from portal.people.models import Person

if TYPE_CHECKING:
    from portal.core.parts import PersonData

AS_IT_IS = {"synchronize_session": False}


def join_records(kept_id: int, gone_id: int, *, import_id: int | None, by_hand: bool = False) -> None:
    """Everything of the one becomes the other's; the caller settles the record that stays."""
    public_id = db.session.execute(select(Person.public_id).where(Person.id == gone_id)).scalar_one()
    row_ids = [row.id for row in asked(select(ImportRow.id).where(ImportRow.person_id == gone_id, ImportRow.applied))]
    looked_after: list[PersonData] = parts.every("person_data")
    for part in looked_after:
        part.move(gone_id, kept_id)
    add(ImportMerge(import_id=import_id, kept_id=kept_id, public_id=public_id, row_ids=row_ids, by_hand=by_hand))
    forget_person(gone_id)


def forget_person(person_id: int) -> None:
    """The row of a person of whom nothing is left."""
    gone = (ImportedThing.kind == "person", ImportedThing.thing_id == person_id)
    db.session.execute(delete(ImportedThing).where(*gone), execution_options=AS_IT_IS)
    db.session.execute(delete(Person).where(Person.id == person_id), execution_options=AS_IT_IS)


def move_matches(old_id: int, new_id: int) -> None:
    """Questions about the one are questions about the other; those between the two are answered."""
    pairs = or_(ImportMatch.low_id == old_id, ImportMatch.high_id == old_id)
    for row in asked(select(ImportMatch.id, ImportMatch.low_id, ImportMatch.high_id).where(pairs)):
        other = row.high_id if row.low_id == old_id else row.low_id
        low, high = min(other, new_id), max(other, new_id)
        known = select(func.count()).where(ImportMatch.low_id == low, ImportMatch.high_id == high)
        if low == high or db.session.execute(known).scalar_one():
            db.session.execute(delete(ImportMatch).where(ImportMatch.id == row.id), execution_options=AS_IT_IS)
        else:
            moved = update(ImportMatch).where(ImportMatch.id == row.id).values(low_id=low, high_id=high)
            db.session.execute(moved, execution_options=AS_IT_IS)
