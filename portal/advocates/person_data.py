"""What the opt-in keeps about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, or_, select, update

from portal.advocates.models import Advocate, CheckIn, Flag, Nomination, Pause, RecordView
from portal.core.db import db, rows

# Every column that names a person, table by table; the first is whose it is.
NAMED: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Pause, ("person_id",)),
    (CheckIn, ("person_id", "sent_by_id")),
    (Flag, ("person_id", "raised_by_id", "owner_id", "closed_by_id")),
    (Nomination, ("person_id", "nominated_by_id", "owner_id", "contacted_by_id")),
    (RecordView, ("person_id", "viewer_id")),
)


class AdvocateData:
    """The opt-in goes with the person; what they did for others stays, without their name."""

    tables: tuple[str, ...] = ("advocate", *(table.__tablename__ for table, _ in NAMED))

    def count(self, person_id: int) -> int:
        """How many rows are theirs."""
        own = [select(func.count()).select_from(table).where(table.person_id == person_id) for table, _ in NAMED]
        return sum(db.session.execute(found).scalar_one() for found in own)

    def export(self, person_id: int) -> dict[str, Any]:
        """Limits, days left out, answers, flags, nominations, and who looked at the record (P4)."""
        mine: dict[str, Any] = {
            "advocate": (Advocate.since, Advocate.own_calls, Advocate.rest_days, Advocate.answer, Advocate.answered_at),
            "pauses": (Pause.starts_on, Pause.ends_on),
            "check_ins": (CheckIn.sent_at, CheckIn.answer, CheckIn.answered_at),
            "flags": (Flag.raised_at, Flag.reason, Flag.closed_at, Flag.closed_because),
            "nominated": (Nomination.created_at, Nomination.state, Nomination.ended_at),
            "looked_at": (RecordView.at, RecordView.reason),
        }
        found: dict[str, Any] = {}
        for name, columns in mine.items():
            owner = columns[0].class_.person_id
            found[name] = [dict(row._mapping) for row in rows(select(*columns).where(owner == person_id))]  # noqa: SLF001
        made = select(Nomination.contact_name, Nomination.why, Nomination.created_at, Nomination.state)
        made = made.where(Nomination.nominated_by_id == person_id)
        found["nominations"] = [dict(row._mapping) for row in rows(made)]  # noqa: SLF001
        return {"advocate": found}

    def move(self, old_id: int, new_id: int) -> None:
        """The surviving account keeps its own limits and answers; everything else follows."""
        here = db.session.execute(select(Advocate.person_id).where(Advocate.person_id == new_id)).first()
        if here is None:
            db.session.execute(update(Advocate).where(Advocate.person_id == old_id).values(person_id=new_id))
        else:
            db.session.execute(delete(Advocate).where(Advocate.person_id == old_id))
        for table, columns in NAMED:
            for name in columns:
                named = getattr(table, name) == old_id
                db.session.execute(update(table).where(named).values({name: new_id}))

    def erase(self, person_id: int) -> None:
        """What is about the person goes; where they acted on others, their name goes."""
        about = or_(RecordView.person_id == person_id, RecordView.viewer_id == person_id)
        db.session.execute(delete(RecordView).where(about))
        for table in (Pause, CheckIn, Flag, Nomination, Advocate):
            db.session.execute(delete(table).where(table.person_id == person_id))
        db.session.execute(update(Nomination).where(Nomination.nominated_by_id == person_id).values(why=""))
        for table, columns in NAMED[1:4]:
            for name in columns[1:]:
                named = getattr(table, name) == person_id
                db.session.execute(update(table).where(named).values({name: None}))
