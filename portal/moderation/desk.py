"""The queue as lines: what waits, about what, for how long, and who is on it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from portal.core.pages import Page
from portal.moderation import lists, policies, reasons
from portal.moderation.shown import about_for, claim_on, state_of

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.moderation.models import Appeal, Case, Decision

TABS = (
    ("", "Everything"),
    ("reports", "Reports"),
    ("held", "Held posts"),
    ("appeals", "Appeals"),
    ("second", "Second look"),
    ("decided", "Decided"),
)


def tabs(viewer: Viewer, tab: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The views of the queue; an admin who moderates nothing has only second looks and appeals."""
    mine = TABS if policies.is_moderator(viewer) else [each for each in TABS if each[0] in ("", "appeals", "second")]
    known = {"": sum(counts.values())} | counts
    return [
        {
            "label": label,
            "url": f"/moderation?tab={key}" if key else "/moderation",
            "active": key == tab,
            "count": known.get(key),
        }
        for key, label in mine
    ]


def queue(viewer: Viewer, tab: str, after: str | None, before: str | None) -> Page[SimpleNamespace]:
    """A page of the queue, as lines."""
    if tab in {"reports", "held"}:
        return _cases(lists.open_cases(viewer, held=tab == "held", after=after, before=before), viewer)
    if tab == "appeals":
        return lists.open_appeals(viewer, after, before).map(lambda appeal: _appeal_line(appeal, viewer))
    if tab == "second":
        return lists.waiting_decisions(viewer, after, before).map(lambda decision: _second_line(decision, viewer))
    if tab == "decided":
        return lists.decided_cases(viewer, after, before).map(lambda decision: _decided_line(decision, viewer))
    lines = [
        line for each in ("reports", "held", "appeals", "second") for line in queue(viewer, each, None, None).items
    ]
    return Page(sorted(lines, key=lambda line: line.at))


def _cases(page: Page[Case], viewer: Viewer) -> Page[SimpleNamespace]:
    why = lists.reasons_of([case.id for case in page.items])
    return page.map(lambda case: _case_line(case, why.get(case.id, []), viewer))


def _case_line(case: Case, why: list[str], viewer: Viewer) -> SimpleNamespace:
    claim = claim_on(case)
    return _line(
        viewer,
        case,
        f"/moderation/cases/{case.public_id}",
        case.opened_at,
        sort="Held post" if case.origin == "held" else "Report" if case.reports_count else "Taken up",
        text=", ".join(reasons.label(reason) for reason in why)
        or ("A new member's first link" if case.origin == "held" else ""),
        reports=case.reports_count,
        hidden=case.hidden_automatically,
        claimed_by="you" if claim and viewer.is_person(case.claimed_by_id) else claim.name if claim else "",
        claim_url=None if claim else f"/moderation/cases/{case.public_id}/claim",
    )


def _appeal_line(appeal: Appeal, viewer: Viewer) -> SimpleNamespace:
    decision = appeal.decision
    text = f"Against: {reasons.DONE[decision.verb].lower()}, {reasons.label(decision.reason).lower()}"
    return _line(
        viewer, decision.case, f"/moderation/appeals/{appeal.public_id}", appeal.opened_at, sort="Appeal", text=text
    )


def _second_line(decision: Decision, viewer: Viewer) -> SimpleNamespace:
    text = f"{decision.by.name}: {reasons.DONE[decision.verb].lower()}, {reasons.label(decision.reason).lower()}"
    url = f"/moderation/decisions/{decision.public_id}"
    return _line(viewer, decision.case, url, decision.at, sort="Second look", text=text, due=decision.second_until)


def _decided_line(decision: Decision, viewer: Viewer) -> SimpleNamespace:
    text = reasons.DONE[decision.verb] + (f": {reasons.label(decision.reason).lower()}" if decision.reason else "")
    url, state = f"/moderation/decisions/{decision.public_id}", state_of(decision)
    return _line(viewer, decision.case, url, decision.at, sort="", text=text, by=decision.by.name, state=state)


def _line(viewer: Viewer, case: Case, url: str, at: Any, **more: Any) -> SimpleNamespace:
    about = about_for(viewer, case)
    shown: dict[str, Any] = {
        "title": about.title or f"A {case.kind}",
        "url": url,
        "at": at,
        "author": case.author.name,
        "place": about.place,
        "due": None,
        "reports": 0,
        "hidden": False,
        "claimed_by": "",
        "claim_url": None,
        "by": "",
        "state": "",
    }
    return SimpleNamespace(**(shown | more))
