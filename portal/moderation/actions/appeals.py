"""Appeals and reversals: the author objects once, somebody else answers; what is taken back is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.core import audit, clock
from portal.core.db import db, upsert
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.moderation import notices, policies, queries, telling
from portal.moderation.actions import effects
from portal.moderation.models import Appeal, Case, Decision
from portal.people.actions import touch_access

if TYPE_CHECKING:
    from portal.core.access import Viewer

SHORTEST, LONGEST = 10, 4000
NOT_NOW = "This decision can't be appealed: it was taken back, you have appealed already, or the time is over."
NOT_YOURS = "Somebody else has to answer this appeal: not who decided, not who agreed, not who is concerned."
NOT_REVERSIBLE = "You can't take this decision back. While an appeal is open, it is answered by somebody else."


def open_appeal(decision: Decision, words: str, *, by: Viewer) -> Appeal:
    """Object to a decision about oneself."""
    case = decision.case
    require(policies.can_appeal(by, decision, case, appealed=decision.appeal is not None), NOT_NOW)
    words = words.strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise Invalid(f"Say in {SHORTEST} to {LONGEST:,} characters why you think the decision is wrong.", "words")
    values = {"decision_id": decision.id, "words": words, "state": "open"}
    made = db.session.execute(
        upsert(Appeal.__table__, values, keys=["decision_id"]).returning(Appeal.__table__.c.id)
    ).scalar_one_or_none()
    if made is None:
        raise Invalid("You have appealed against this already.")
    appeal = db.session.execute(select(Appeal).where(Appeal.id == made)).scalar_one()
    telling.call_to_appeal(appeal)
    audit.record("appeal", appeal, by=by, about=case.author_id)
    return appeal


def answer_appeal(appeal: Appeal, granted: bool, answer: str = "", *, by: Viewer) -> Appeal:
    """Decide an appeal: grant it, which takes the decision back, or let the decision stand."""
    decision, case = appeal.decision, appeal.decision.case
    require(
        policies.can_answer_appeal(by, appeal, decision, case, reported=queries.is_reporter(by, case.id)), NOT_YOURS
    )
    if not granted and not answer.strip():
        raise Invalid("Tell the author why the decision stands.", "answer")
    if len(answer) > LONGEST:
        raise Invalid(f"Keep it under {LONGEST:,} characters.", "answer")
    _take(appeal)
    appeal.state, appeal.answer = "granted" if granted else "refused", answer.strip()
    appeal.decided_by_id, appeal.decided_at = by.person_id, clock.now()
    if granted:
        _reverse(decision, case, answer.strip() or "Your appeal was granted.", by)
    else:
        telling.tell_author(case, notices.of_refused_appeal(appeal, case), by=by)
    audit.record(f"appeal {appeal.state}", appeal, by=by, about=case.author_id)
    return appeal


def reverse_decision(decision: Decision, because: str, *, by: Viewer) -> Decision:
    """Take back what holds, and tell the author why."""
    case = decision.case
    appealed = decision.appeal is not None and decision.appeal.state == "open"
    reported = queries.is_reporter(by, case.id)
    require(policies.can_reverse(by, decision, case, reported=reported, appealed=appealed), NOT_REVERSIBLE)
    if not because.strip():
        raise Invalid("Tell the author why it is taken back.", "because")
    _reverse(decision, case, because.strip()[:LONGEST], by)
    audit.record("reverse decision", decision, by=by, about=case.author_id)
    return decision


def _reverse(decision: Decision, case: Case, because: str, by: Viewer) -> None:
    holding = (Decision.id == decision.id, Decision.reversed_at.is_(None))
    values = {"reversed_at": clock.now(), "reversed_by_id": by.person_id, "reversed_because": because}
    taken = update(Decision).where(*holding).values(**values).execution_options(synchronize_session=False)
    if db.session.execute(taken).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("This decision has been taken back in the meantime.")
    db.session.refresh(decision, list(values))
    effects.undo(decision, case, by)
    touch_access(case.author_id)
    telling.tell_author(case, notices.of_reversal(decision, case), by=by)


def _take(appeal: Appeal) -> None:
    locked = update(Appeal).where(Appeal.id == appeal.id, Appeal.state == "open").values(decided_at=clock.now())
    if db.session.execute(locked.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("Somebody else has answered this appeal in the meantime.")
