"""What is kept about somebody's wishes for their own data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, or_, select, update

from portal.core import clock, jobs
from portal.core.db import db, rows, scalars
from portal.rights.making import forget_file
from portal.rights.models import AccountMerge, DataExport, Erasure, MergeRequest, YearlyQuestion


class RightsData:
    """Copies go with the person; a copy of the one account is none of the other."""

    tables: tuple[str, ...] = ("data_export", "erasure", "merge_request", "account_merge", "yearly_question")

    def count(self, person_id: int) -> int:
        """How many copies were asked for."""
        found = select(func.count()).select_from(DataExport).where(DataExport.person_id == person_id)
        return db.session.execute(found).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """When copies were asked for."""
        found = select(DataExport.asked_at, DataExport.state, DataExport.expires_at)
        asked = rows(found.where(DataExport.person_id == person_id).order_by(DataExport.id))
        joined = select(AccountMerge.merged_at, AccountMerge.undone_at).where(AccountMerge.kept_id == person_id)
        yearly = select(YearlyQuestion.sent_at, YearlyQuestion.answer, YearlyQuestion.ended_at)
        yearly = yearly.where(YearlyQuestion.person_id == person_id)
        gone = select(Erasure.asked_at, Erasure.due_at, Erasure.called_off_at).where(Erasure.person_id == person_id)
        return {
            "copies": [dict(row._mapping) for row in asked],  # noqa: SLF001
            "joined_accounts": [dict(row._mapping) for row in rows(joined.order_by(AccountMerge.id))],  # noqa: SLF001
            "yearly_questions": [dict(row._mapping) for row in rows(yearly.order_by(YearlyQuestion.id))],  # noqa: SLF001
            "erasures": [dict(row._mapping) for row in rows(gone.order_by(Erasure.id))],  # noqa: SLF001
        }

    def move(self, old_id: int, new_id: int) -> None:
        """The copies of the account that goes are taken away, that there were some is kept."""
        self._drop_files(old_id)
        over = update(DataExport).where(DataExport.person_id == old_id)
        db.session.execute(over.values(person_id=new_id, state="over", file_key=""))
        mine = update(Erasure).where(Erasure.person_id == old_id)
        waiting = mine.where(Erasure.done_at.is_(None), Erasure.called_off_at.is_(None))
        db.session.execute(waiting.values(called_off_at=clock.now()))  # who joins two accounts stays
        db.session.execute(mine.values(person_id=new_id))
        asked = update(YearlyQuestion).where(YearlyQuestion.person_id == old_id)
        db.session.execute(asked.where(YearlyQuestion.ended_at.is_(None)).values(ended_at=clock.now()))
        db.session.execute(asked.values(person_id=new_id))
        for column in (MergeRequest.person_id, MergeRequest.other_id):
            db.session.execute(delete(MergeRequest).where(column == old_id))
        db.session.execute(update(AccountMerge).where(AccountMerge.kept_id == old_id).values(kept_id=new_id))

    def erase(self, person_id: int) -> None:
        """Copies and their files go."""
        self._drop_files(person_id)
        for row in scalars(select(DataExport).where(DataExport.person_id == person_id)):
            db.session.delete(row)
        db.session.flush()
        asked = or_(MergeRequest.person_id == person_id, MergeRequest.other_id == person_id)
        db.session.execute(delete(MergeRequest).where(asked))
        db.session.execute(delete(YearlyQuestion).where(YearlyQuestion.person_id == person_id))
        joined = or_(AccountMerge.kept_id == person_id, AccountMerge.gone_id == person_id)
        db.session.execute(delete(AccountMerge).where(joined))

    def _drop_files(self, person_id: int) -> None:
        kept = select(DataExport.file_key).where(DataExport.person_id == person_id, DataExport.file_key != "")
        for key in scalars(kept):
            jobs.enqueue(forget_file, key)
