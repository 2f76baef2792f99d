"""What the moderators' pages show: plain values, gathered once a page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from portal.boards.grants import moderates, readable_boards
from portal.boards.queries import readable_board_list
from portal.core import clock
from portal.moderation import actions, notices, policies, queries, reasons
from portal.moderation.actions.cases import claims_since
from portal.moderation.forms import VERB_LABELS
from portal.moderation.models import Case, Decision
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.parts import ReportedThing
    from portal.moderation.models import Appeal, Report


def claim_on(case: Case) -> Any:
    """Who is on a case now, if anybody."""
    fresh = case.claimed_at is not None and case.claimed_at >= claims_since()
    return case.claimed_by if fresh else None


def state_of(decision: Decision) -> str:
    """Waiting, taken back, or nothing to add."""
    return "reversed" if decision.reversed_at else "waiting" if decision.is_pending else ""


def _markup(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - cleaned when it was rendered


def thing(found: ReportedThing) -> SimpleNamespace:
    """What was written, for the report page."""
    return SimpleNamespace(
        title=found.title, url=found.url, kind=reasons.kind_words(found.kind), html=_markup(found.html)
    )  # noqa: S704 - cleaned when rendered


def case_to_be(found: ReportedThing) -> Case:
    """A case that is only opened with a decision: never added to the session."""
    author = person_by_id(found.author_id)
    return Case(
        kind=found.kind,
        thing_id=found.public_id,
        board_id=found.board_id,
        author_id=found.author_id,
        author=author,
        title=found.title,
        html=found.html,
        origin="moderator",
        state="open",
        reports_count=0,
        hidden_automatically=False,
        opened_at=clock.now(),
    )


def case_page(case: Case, viewer: Viewer) -> SimpleNamespace:
    """Everything that a moderator needs to decide."""
    found = queries.thing_of(case) if policies.in_scope(viewer, case.board_id) else None
    reported = bool(case.id) and queries.is_reporter(viewer, case.id)
    claim = claim_on(case)
    somebody_else = claim if claim and not viewer.is_person(case.claimed_by_id) else None
    verbs = [] if reported or somebody_else or case.state == "waiting" else actions.verbs_for(case, found, viewer)
    return SimpleNamespace(
        case=case,
        author=case.author,
        place=case.board.name if case.id and case.board else "",
        url=found.url if found else None,
        state=found.state if found else "gone",
        context=_context(found) if found else [],
        then=_markup(case.html) if found is None or found.html != case.html else None,  # noqa: S704 - cleaned when rendered
        reports=[_report_line(report) for report in queries.reports_on(case)] if case.id else [],
        decisions=[_decision_line(each) for each in queries.decisions_on(case)],
        history=[
            _history_line(each, viewer)
            for each in queries.history_of(case.author_id)
            if each.case.thing_id != case.thing_id
        ],
        reported=reported,
        claimed_by=somebody_else,
        is_mine=claim is not None and somebody_else is None,
        verbs={verb: VERB_LABELS[verb] for verb in verbs},
        boards=_boards(case, viewer) if "move" in verbs else {},
    )


def _context(found: ReportedThing) -> list[SimpleNamespace]:
    """The thing between its neighbours."""
    around = found.context or [None]
    return [_neighbour(each, found) if each is not None else _alone(found) for each in around]


def _neighbour(post: Any, found: ReportedThing) -> SimpleNamespace:
    return SimpleNamespace(
        number=post.number,
        author=post.author,
        at=post.created_at,
        html=_markup(post.html),
        state=post.state,
        is_it=post.public_id == found.public_id,
    )


def _alone(found: ReportedThing) -> SimpleNamespace:
    author = person_by_id(found.author_id)
    return SimpleNamespace(number=None, author=author, at=None, html=_markup(found.html), state=found.state, is_it=True)  # noqa: S704 - cleaned when rendered


def _boards(case: Case, viewer: Viewer) -> dict[str, str]:
    kept = [board for board in readable_board_list(viewer) if moderates(viewer, board.id) and board.id != case.board_id]
    return {"": "Choose a board"} | {board.public_id: board.name for board in kept}


def _report_line(report: Report) -> SimpleNamespace:
    by = report.reporter.name if report.reporter else "A former member"
    return SimpleNamespace(reason=reasons.label(report.reason), words=report.words, by=by, at=report.created_at)


def _decision_line(decision: Decision) -> SimpleNamespace:
    return SimpleNamespace(
        done=reasons.DONE[decision.verb],
        reason=reasons.label(decision.reason),
        words=decision.words,
        by=decision.by,
        at=decision.at,
        state=state_of(decision),
        url=f"/moderation/decisions/{decision.public_id}",
        until=decision.suspended_until,
        because=decision.reversed_because,
    )


def about_for(viewer: Viewer, case: Case) -> SimpleNamespace:
    """Kind, title and place of a case, as far as the viewer may read the board: others learn that there was one (M1)."""
    known = (
        case.board_id is None or policies.in_scope(viewer, case.board_id) or case.board_id in readable_boards(viewer)
    )
    place = case.board.name if case.board else ""
    return SimpleNamespace(kind=case.kind, title=case.title if known else "", place=place if known else "a board")


def _as_agreed(decision: Decision) -> Decision:
    """A decision that waits, as it will read once a second person has agreed."""
    if not decision.is_pending:
        return decision
    return Decision(
        verb=decision.verb,
        reason=decision.reason,
        words=decision.words,
        hides=decision.hides,
        suspended_until=decision.suspended_until,
        at=decision.at,
        in_force_at=clock.now(),
    )


def _history_line(decision: Decision, viewer: Viewer) -> SimpleNamespace:
    """A moderator of one board learns what was decided elsewhere, but not about which words (M1)."""
    return SimpleNamespace(
        done=reasons.DONE[decision.verb],
        reason=reasons.label(decision.reason),
        at=decision.at,
        title=about_for(viewer, decision.case).title or f"a {decision.case.kind}",
        state=state_of(decision),
    )


def preview_of(case: Case, order: actions.Order, viewer: Viewer) -> notices.Notice:
    """The notice as the author will get it."""
    second = policies.second_needed(
        viewer, hides=order.hides or order.verb == "hide", reason=order.reason, until=order.until, since=clock.now()
    )
    draft = Decision(
        verb=order.verb,
        reason=order.reason,
        words=order.words,
        hides=order.hides or order.verb == "hide",
        suspended_until=order.until,
        second=second,
        at=clock.now(),
        in_force_at=None if second else clock.now(),
    )
    return notices.of_decision(draft, case)


def case_url(case: Case, viewer: Viewer) -> str:
    """Where to go on: the case, or the queue for who can't look into it."""
    seen = policies.can_look_into(viewer, case.board_id, case.author_id)
    return f"/moderation/cases/{case.public_id}" if seen else "/moderation"


def decision_page(decision: Decision, viewer: Viewer) -> SimpleNamespace:
    """A decision with what can still be done about it."""
    case = decision.case
    appealed = decision.appeal is not None and decision.appeal.state == "open"
    reported = queries.is_reporter(viewer, case.id)
    inside = policies.can_look_into(viewer, case.board_id, case.author_id)
    found, about = queries.thing_of(case) if inside else None, about_for(viewer, case)
    return SimpleNamespace(
        decision=decision,
        line=_decision_line(decision),
        case=case,
        case_url=case_url(case, viewer) if inside else None,
        title=about.title or f"a {case.kind}",
        author=case.author,
        context=_context(found) if found else [],
        history=[_history_line(each, viewer) for each in queries.history_of(case.author_id) if each.id != decision.id],
        notice=notices.of_decision(_as_agreed(decision), about),
        may_confirm=actions.may_confirm(decision, by=viewer),
        may_reverse=policies.can_reverse(viewer, decision, case, reported=reported, appealed=appealed),
        appeal=decision.appeal,
    )


def appeal_page(appeal: Appeal, viewer: Viewer) -> SimpleNamespace:
    """What was decided, what is said against it, and what it is about."""
    page = decision_page(appeal.decision, viewer)
    page.appeal = appeal
    return page
