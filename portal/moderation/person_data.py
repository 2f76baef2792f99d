"""What moderation keeps about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core.db import db, rows
from portal.moderation.models import Appeal, Case, Decision, HiddenField, Report

HELD = (
    (Case, "author_id"),
    (Case, "claimed_by_id"),
    (Decision, "by_id"),
    (Decision, "second_by_id"),
    (Decision, "reversed_by_id"),
    (Appeal, "decided_by_id"),
    (Report, "reporter_id"),
)


class ModerationData:
    """Reports stay without their reporter; decisions stay without words."""

    tables: tuple[str, ...] = ("moderation_case", "report", "decision", "appeal", "hidden_field")

    def count(self, person_id: int) -> int:
        """How many decisions are about the person, and how many reports are theirs."""
        about = (
            select(func.count()).select_from(Decision).join(Case).where(Case.author_id == person_id).scalar_subquery()
        )
        reports = select(func.count()).select_from(Report).where(Report.reporter_id == person_id).scalar_subquery()
        found: int = db.session.execute(select(about + reports)).scalar_one()
        return found

    def export(self, person_id: int) -> dict[str, Any]:
        """Decisions about the person with their words and appeals, and the person's own reports."""
        decisions = select(
            Case.kind,
            Case.title,
            Decision.verb,
            Decision.reason,
            Decision.words,
            Decision.at,
            Decision.suspended_until,
            Decision.reversed_at,
            Decision.reversed_because,
            Appeal.words.label("appeal"),
            Appeal.state.label("appeal_state"),
            Appeal.answer.label("appeal_answer"),
        )
        about = decisions.join(Case, Case.id == Decision.case_id).outerjoin(Appeal, Appeal.decision_id == Decision.id)
        reports = select(Case.kind, Case.title, Report.reason, Report.words, Report.state, Report.created_at).join(Case)
        found = {
            "decisions": about.where(Case.author_id == person_id).order_by(Decision.id),
            "reports": reports.where(Report.reporter_id == person_id).order_by(Report.id),
        }
        return {name: [dict(row._mapping) for row in rows(statement)] for name, statement in found.items()}  # noqa: SLF001

    def move(self, old_id: int, new_id: int) -> None:
        """Everything follows a merge; of two open reports on one thing one counts."""
        theirs = select(Report.case_id).where(Report.reporter_id == new_id, Report.state == "open")
        double = (Report.reporter_id == old_id, Report.state == "open", Report.case_id.in_(theirs))
        cases = list(db.session.scalars(select(Report.case_id).where(*double)))
        db.session.execute(update(Report).where(*double).values(state="dropped", open_key=None))
        db.session.execute(update(Case).where(Case.id.in_(cases)).values(reports_count=Case.reports_count - 1))
        key = func.replace(Report.open_key, f"{old_id}:", f"{new_id}:")
        db.session.execute(
            update(Report).where(Report.reporter_id == old_id, Report.open_key.is_not(None)).values(open_key=key)
        )
        db.session.execute(delete(HiddenField).where(HiddenField.person_id == old_id))
        for table, column in HELD:
            db.session.execute(update(table).where(getattr(table, column) == old_id).values({column: new_id}))

    def erase(self, person_id: int) -> None:
        """Forget who reported, and what was written about and by the person; the log keeps its lines."""
        mine = update(Report).where(Report.reporter_id == person_id)
        db.session.execute(mine.values(reporter_id=None, words="", open_key=None))
        db.session.execute(delete(HiddenField).where(HiddenField.person_id == person_id))
        about = select(Case.id).where(Case.author_id == person_id)
        decided = select(Decision.id).where(Decision.case_id.in_(about))
        db.session.execute(update(Appeal).where(Appeal.decision_id.in_(decided)).values(words="", answer=""))
        db.session.execute(update(Decision).where(Decision.case_id.in_(about)).values(words="", reversed_because=""))
        db.session.execute(
            update(Case).where(Case.author_id == person_id).values(html="", title="Something by a former member")
        )
        db.session.execute(
            update(Case).where(Case.claimed_by_id == person_id).values(claimed_by_id=None, claimed_at=None)
        )
