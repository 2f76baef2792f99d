"""A decision: checked, written, in force at once or after a second person has agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.core import audit, clock
from portal.core.access import viewer_of
from portal.core.db import add, db, scalars
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.moderation import notices, policies, queries, reasons, telling
from portal.moderation.actions import effects
from portal.moderation.actions.cases import NOT_YOURS, free_for
from portal.moderation.models import Case, Decision, Report
from portal.people.actions import touch_access

if TYPE_CHECKING:
    from datetime import datetime

    from portal.boards.models import Board
    from portal.core.access import Viewer
    from portal.core.parts import ReportedThing

LONGEST = 4000
LONGEST_PAUSE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Order:
    """What a moderator wants done: `hides` is for a warning or pause, `until` for a pause, `board` for a move."""

    verb: str
    reason: str = ""
    words: str = ""
    hides: bool = False
    until: datetime | None = None
    board: Board | None = None


def decide(case: Case, order: Order, *, by: Viewer) -> Decision:
    """Decide a case, with a reason from the list; the author and the reporters are told, the log has a line (M3)."""
    allowed = policies.can_take_up(by, case.kind, case.board_id, case.author_id, order.verb)
    require(allowed and not queries.is_reporter(by, case.id), NOT_YOURS)
    thing = queries.thing_of(case)
    check(order, case, thing, by)
    _take(case, by)
    decision = _write(case, order, by)
    if decision.hides:
        effects.hide(case, decision, by)
    if decision.is_pending:
        _wait(case, decision, by)
    else:
        bring_into_force(decision, case, by=by)
    audit.record(f"decide {decision.verb}", decision, by=by, about=case.author_id, note=decision.reason)
    return decision


def bring_into_force(decision: Decision, case: Case, *, by: Viewer) -> None:
    """It holds from now on: its effects, the end of the case, everybody told."""
    require(by.is_member, NOT_YOURS)
    decision.in_force_at = clock.now()
    effects.apply(decision, case, by)
    _close(case, acted=decision.verb in reasons.TOLD, by=by)
    touch_access(case.author_id)
    if decision.verb in reasons.TOLD:
        telling.tell_author(case, notices.of_decision(decision, case), by=by)


def check(order: Order, case: Case, thing: ReportedThing | None, by: Viewer) -> None:
    """Whether the order is complete and makes sense here, or `Invalid` with the field."""
    require(by.is_member, NOT_YOURS)
    if order.verb not in verbs_for(case, thing, by):
        raise Invalid("Choose what should be done.", "verb")
    if order.verb in reasons.TOLD and order.reason not in reasons.BY_KEY:
        raise Invalid("Choose a reason from the list.", "reason")
    if order.reason == "other" and order.verb in reasons.TOLD and not order.words.strip():
        raise Invalid("Name the rule to the author.", "words")
    if len(order.words) > LONGEST:
        raise Invalid(f"Keep it under {LONGEST:,} characters.", "words")
    if order.verb == "suspend":
        _check_pause(order, case, by)
    if order.verb == "move" and order.board is None:
        raise Invalid("Choose the board where the topic belongs.", "board")
    if _hides(order, case, by) and thing is not None and thing.state == "withdrawn":
        raise Invalid("Its author has taken it back already, so there is nothing to hide.", "verb")


def _check_pause(order: Order, case: Case, by: Viewer) -> None:
    require(policies.can_suspend(by, viewer_of(case.author_id)), "You can't suspend this person.")
    if order.until is None or not clock.now() < order.until <= clock.now() + LONGEST_PAUSE:
        raise Invalid("Give a day in the future, at most a year from now.", "until")


def verbs_for(case: Case, thing: ReportedThing | None, by: Viewer) -> tuple[str, ...]:
    """What this moderator can do about this case."""
    if not policies.in_scope(by, case.board_id):
        return ("suspend",)
    verbs = [_keeping(case, thing)] if case.state == "open" else []
    verbs += ["hide"] if thing and not queries.hiding_in_force(case, beside=0) else []
    verbs += ["lock", "move"] if case.kind == "post" and thing else []
    verbs.append("warn")
    return (*verbs, "suspend") if policies.can_suspend(by, viewer_of(case.author_id)) else tuple(verbs)


def _keeping(case: Case, thing: ReportedThing | None) -> str:
    if thing is not None and thing.state == "held":
        return "release"
    return "restore" if case.hidden_automatically else "stand"


def _hides(order: Order, case: Case, by: Viewer) -> bool:
    return order.verb == "hide" or (
        order.hides and order.verb in reasons.AGAINST and policies.in_scope(by, case.board_id)
    )


def _take(case: Case, by: Viewer) -> None:
    """Whoever comes first decides: a case in another moderator's hands or just decided is not decided twice."""
    seen = (Case.id == case.id, Case.state == case.state, Case.state != "waiting", free_for(by))
    taken = update(Case).where(*seen).values(claimed_by_id=by.person_id, claimed_at=clock.now())
    if db.session.execute(taken.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("Another moderator is on this case, or has just decided it. Open it again to see what was done.")
    db.session.refresh(case, ["claimed_by_id", "claimed_at", "state", "reports_count"])


def _write(case: Case, order: Order, by: Viewer) -> Decision:
    hides, told = _hides(order, case, by), order.verb in reasons.TOLD
    until = order.until if order.verb == "suspend" else None
    second = policies.second_needed(by, hides=hides, reason=order.reason, until=until, since=_paused_since(case))
    now = clock.now()
    return add(
        Decision(
            case_id=case.id,
            verb=order.verb,
            reason=order.reason if told else "",
            words=order.words.strip() if told else "",
            hides=hides,
            by_id=by.person_id,
            at=now,
            in_force_at=None if second else now,
            suspended_until=until,
            second=second,
            second_until=now + timedelta(hours=policies.SECOND_HOURS) if second else None,
            from_board_id=case.board_id,
            to_board_id=order.board.id if order.board else None,
        )
    )


def _paused_since(case: Case) -> datetime:
    """When the pause that runs now began: seven days and seven days more are fourteen (M5)."""
    running = queries.suspensions_in_force(case.author_id)
    return min((decision.in_force_at or decision.at for decision in running), default=clock.now())


def _wait(case: Case, decision: Decision, by: Viewer) -> None:
    """A second person is needed; what is hidden meanwhile is told to its author."""
    case.state = "waiting"
    db.session.flush()
    telling.call_moderators(case)
    if decision.hides:
        telling.tell_author(case, notices.of_decision(decision, case), by=by)


def _close(case: Case, *, acted: bool, by: Viewer) -> None:
    """The case is decided; its reporters hear what came of it."""
    case.state, case.open_key, case.decided_at, case.hidden_automatically = "decided", None, clock.now(), False
    case.claimed_by_id = case.claimed_at = None
    reporters = scalars(
        select(Report.reporter_id).where(
            Report.case_id == case.id, Report.state == "open", Report.reporter_id.is_not(None)
        )
    )
    closed = {"state": "acted" if acted else "standing", "open_key": None, "closed_at": clock.now()}
    db.session.execute(update(Report).where(Report.case_id == case.id, Report.state == "open").values(**closed))
    db.session.flush()
    telling.tell_reporters(case, [person_id for person_id in reporters if person_id], acted=acted, by=by)
