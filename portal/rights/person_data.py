"""What is kept about somebody's wishes for their own data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from portal.core import jobs
from portal.core.db import db, rows, scalars
from portal.rights.making import forget_file
from portal.rights.models import DataExport, Erasure


class RightsData:
    """Copies go with the person; a copy of the one account is none of the other."""

    tables: tuple[str, ...] = ("data_export", "erasure")

    def count(self, person_id: int) -> int:
        """How many copies were asked for."""
        found = select(func.count()).select_from(DataExport).where(DataExport.person_id == person_id)
        return db.session.execute(found).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """When copies were asked for."""
        found = select(DataExport.asked_at, DataExport.state, DataExport.expires_at)
        asked = rows(found.where(DataExport.person_id == person_id).order_by(DataExport.id))
        return {"copies": [dict(row._mapping) for row in asked]}  # noqa: SLF001

    def move(self, old_id: int, new_id: int) -> None:
        """The copies of the account that goes are taken away, that there were some is kept."""
        self._drop_files(old_id)
        over = update(DataExport).where(DataExport.person_id == old_id)
        db.session.execute(over.values(person_id=new_id, state="over", file_key=""))
        db.session.execute(update(Erasure).where(Erasure.person_id == old_id).values(person_id=new_id))

    def erase(self, person_id: int) -> None:
        """Copies and their files go."""
        self._drop_files(person_id)
        for row in scalars(select(DataExport).where(DataExport.person_id == person_id)):
            db.session.delete(row)
        db.session.flush()

    def _drop_files(self, person_id: int) -> None:
        kept = select(DataExport.file_key).where(DataExport.person_id == person_id, DataExport.file_key != "")
        for key in scalars(kept):
            jobs.enqueue(forget_file, key)
