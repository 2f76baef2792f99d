"""The second person: agrees, refuses, or does not come in time (M3, M5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.core import audit, clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.errors import Conflict
from portal.core.policy import require
from portal.moderation import notices, policies, queries, telling
from portal.moderation.actions import effects
from portal.moderation.actions.decisions import bring_into_force
from portal.moderation.models import Case, Decision

if TYPE_CHECKING:
    from portal.core.access import Viewer

NOT_SECOND = "Somebody else has to take this second look."
TOO_LATE = f"No second moderator agreed within {policies.SECOND_HOURS} hours."


def confirm(decision: Decision, *, by: Viewer) -> None:
    """Agree: from now on the decision holds, and can be appealed."""
    case = decision.case
    require(may_confirm(decision, by=by), NOT_SECOND)
    _take(decision)
    decision.second_by_id = by.person_id
    bring_into_force(decision, case, by=by)
    audit.record("confirm decision", decision, by=by, about=case.author_id)


def refuse(decision: Decision, because: str, *, by: Viewer) -> None:
    """Not agree: it is undone, and the case is open again."""
    case = decision.case
    require(may_confirm(decision, by=by), NOT_SECOND)
    decision.second_by_id = by.person_id
    _undo(decision, case, because or "A second moderator did not agree.", by)
    audit.record("refuse decision", decision, by=by, about=case.author_id, note=because)


def lapse(decision: Decision, *, by: Viewer) -> None:
    """Nobody came in time: what was hidden is shown again, and the case is open again (M3)."""
    require(by.system and decision.is_pending, "This is done by the system, in time.")
    _undo(decision, decision.case, TOO_LATE, by)
    telling.call_moderators(decision.case)
    audit.record("lapse decision", decision, by=by, about=decision.case.author_id)


def may_confirm(decision: Decision, *, by: Viewer) -> bool:
    """Whether the viewer may take the second look: the policy, and for suspensions the rule about admins."""
    case = decision.case
    require(by.is_member, NOT_SECOND)
    if not policies.can_confirm(by, decision, case, reported=queries.is_reporter(by, case.id)):
        return False
    return decision.verb != "suspend" or policies.can_suspend(by, viewer_of(case.author_id))


def _undo(decision: Decision, case: Case, because: str, by: Viewer) -> None:
    _take(decision)
    decision.reversed_at, decision.reversed_by_id, decision.reversed_because = clock.now(), by.person_id, because
    db.session.flush()
    effects.undo(decision, case, by)
    case.state = "open" if case.open_key else "decided"
    case.hidden_automatically = case.hidden_automatically and not decision.hides
    case.claimed_by_id = case.claimed_at = None
    if decision.hides:
        telling.tell_author(case, notices.of_reversal(decision, case), by=by)


def _take(decision: Decision) -> None:
    """Only one second look counts; the row is locked by it."""
    waiting = (Decision.id == decision.id, Decision.in_force_at.is_(None), Decision.reversed_at.is_(None))
    locked = (
        update(Decision).where(*waiting).values(second=Decision.second).execution_options(synchronize_session=False)
    )
    if db.session.execute(locked).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("Somebody else has taken this second look in the meantime.")
