"""What imports keep about a person: the rows that spoke of them, questions and proposals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, or_, select, update

from portal.core.db import db, rows, scalars
from portal.imports.joining import move_matches
from portal.imports.models import (
    Import,
    ImportedThing,
    ImportedValue,
    ImportMatch,
    ImportMerge,
    ImportProposal,
    ImportRow,
)


class ImportsData:
    """Where each value came from is exported; what a row said goes with the person."""

    tables: tuple[str, ...] = (
        "people_import", "import_row", "imported_thing", "import_match", "import_merge", "import_proposal"
    )  # fmt: skip

    def count(self, person_id: int) -> int:
        """How many rows spoke of the person."""
        found = select(func.count()).select_from(ImportRow).where(ImportRow.person_id == person_id, ImportRow.applied)
        return int(db.session.execute(found).scalar_one())

    def export(self, person_id: int) -> dict[str, Any]:
        """What files said of the person, which files, and when."""
        found = (
            select(Import.name, Import.source, Import.applied_at, ImportRow.number, ImportRow.seen_on, ImportRow.record)
            .join(ImportRow, ImportRow.import_id == Import.id)
            .where(ImportRow.person_id == person_id).order_by(ImportRow.id)
        )  # fmt: skip
        proposed = scalars(select(ImportProposal).where(ImportProposal.person_id == person_id))
        return {
            "imported_rows": [dict(row._mapping) for row in rows(found)],  # noqa: SLF001
            "proposals": [{"title": each.title, "state": each.state, "at": each.created_at} for each in proposed],
        }

    def move(self, old_id: int, new_id: int) -> None:
        """Rows, and what they made, follow; a question between the two is answered."""
        move_matches(old_id, new_id)
        said = select(ImportProposal.digest).where(ImportProposal.person_id == new_id)
        double = (ImportProposal.person_id == old_id, ImportProposal.digest.in_(said))
        db.session.execute(delete(ImportProposal).where(*double), execution_options={"synchronize_session": False})
        for column in (ImportRow.person_id, ImportedThing.person_id, ImportProposal.person_id, ImportMerge.kept_id):
            db.session.execute(update(column.class_).where(column == old_id).values({column: new_id}))
        self._repoint(old_id, new_id)

    def erase(self, person_id: int) -> None:
        """What the rows said is forgotten; that there were rows is not."""
        mine = select(ImportRow.id).where(ImportRow.person_id == person_id)
        db.session.execute(delete(ImportedValue).where(ImportedValue.row_id.in_(mine)))
        db.session.execute(delete(ImportProposal).where(ImportProposal.person_id == person_id))
        blank = {"record": {}, "digest": "", "why": "", "applied": False, "person_id": None}
        db.session.execute(update(ImportRow).where(ImportRow.person_id == person_id).values(**blank))
        db.session.execute(delete(ImportedThing).where(ImportedThing.person_id == person_id))
        pairs = or_(ImportMatch.low_id == person_id, ImportMatch.high_id == person_id)
        db.session.execute(delete(ImportMatch).where(pairs))
        db.session.execute(delete(ImportMerge).where(ImportMerge.kept_id == person_id))
        self._repoint(person_id, None)

    def _repoint(self, old_id: int, new_id: int | None) -> None:
        for column in (Import.created_by_id, ImportMatch.decided_by_id, ImportProposal.decided_by_id):
            db.session.execute(update(column.class_).where(column == old_id).values({column: new_id}))
