"""What asks keep about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from portal.advocates.models import Act
from portal.asks.models import OPEN, Ask
from portal.core import clock
from portal.core.db import db, rows


class AskData:
    """The ledger of asks and gives; an erased advocate's asks stay as numbers without a word."""

    tables: tuple[str, ...] = ("ask",)

    def count(self, person_id: int) -> int:
        """How many favours were asked of the person."""
        return db.session.execute(select(func.count()).select_from(Ask).where(Ask.person_id == person_id)).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """What was asked of the person, and what they asked of others."""
        columns = (
            Act.name.label("act"), Ask.asked_at, Ask.outside, Ask.what, Ask.firm, Ask.deal, Ask.by_date, Ask.state,
            Ask.answered_at, Ask.outcome, Ask.outcome_note, Ask.asker_feedback, Ask.advocate_feedback, Ask.thanks,
        )  # fmt: skip
        joined = select(*columns).join(Act, Act.id == Ask.act_id).order_by(Ask.id)
        of_them = rows(joined.where(Ask.person_id == person_id))
        by_them = rows(joined.where(Ask.asked_by_id == person_id))
        return {
            "asked_of_me": [dict(row._mapping) for row in of_them],  # noqa: SLF001 - the documented way to a row's mapping
            "asked_by_me": [dict(row._mapping) for row in by_them],  # noqa: SLF001
        }

    def move(self, old_id: int, new_id: int) -> None:
        """Asks follow a merge on both sides."""
        db.session.execute(update(Ask).where(Ask.person_id == old_id).values(person_id=new_id))
        db.session.execute(update(Ask).where(Ask.asked_by_id == old_id).values(asked_by_id=new_id))

    def erase(self, person_id: int) -> None:
        """What is open stops; the words about and by the person go, the numbers stay."""
        theirs = Ask.person_id == person_id
        stopped = {"state": "stopped", "stopped_because": "gone", "ended_at": clock.now()}
        db.session.execute(update(Ask).where(theirs, Ask.state.in_(OPEN)).values(**stopped))
        words = ("what", "deal", "firm", "data_use", "override_reason", "outcome_note", "asker_feedback",
                 "advocate_feedback", "thanks")  # fmt: skip
        db.session.execute(update(Ask).where(theirs).values(token_hash=None, **dict.fromkeys(words, "")))
        db.session.execute(update(Ask).where(Ask.asked_by_id == person_id).values(asked_by_id=None))
