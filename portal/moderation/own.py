"""What a member sees of moderation: decisions about oneself, one's reports, and who moderates."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from portal.moderation import notices, policies, queries, reasons
from portal.people.queries import holders

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.moderation.models import Decision
    from portal.people.models import Person

OUTCOMES = {
    "open": "A moderator has not looked yet",
    "acted": "It was acted on",
    "standing": "It was left standing",
    "dropped": "It was gone before a moderator looked",
}


def own_decisions(viewer: Viewer) -> list[SimpleNamespace]:
    """Every decision about the viewer, newest first."""
    return [own_decision(decision, viewer) for decision in queries.decisions_about(viewer.person_id or 0)]


def own_decision(decision: Decision, viewer: Viewer) -> SimpleNamespace:
    """A decision, as the person concerned reads it."""
    case, appeal = decision.case, decision.appeal
    may_appeal = policies.can_appeal(viewer, decision, case, appealed=appeal is not None)
    return SimpleNamespace(
        notice=notices.of_decision(decision, case),
        at=decision.at,
        thing_url=f"/posts/{case.thing_id}" if case.kind == "post" else None,
        is_pending=decision.is_pending,
        reversed_at=decision.reversed_at,
        because=decision.reversed_because,
        appeal=appeal,
        appeal_until=policies.appeal_until(decision),
        appeal_url=f"/my-standing/{decision.public_id}/appeal" if may_appeal else None,
    )


def own_reports(person_id: int) -> list[SimpleNamespace]:
    """What the viewer reported, and what came of it."""
    return [
        SimpleNamespace(
            title=report.case.title,
            reason=reasons.label(report.reason),
            at=report.created_at,
            outcome=OUTCOMES[report.state],
        )
        for report in queries.reports_by(person_id)
    ]


def who_moderates(viewer: Viewer) -> SimpleNamespace:
    """Those who moderate everywhere, and board by board those who keep one that the viewer may read."""
    everywhere = [person for person in holders("moderator") if person.listed]
    boards: dict[str, list[Person]] = {}
    for name, person in queries.board_moderators(viewer):
        boards.setdefault(name, []).append(person)
    return SimpleNamespace(everywhere=everywhere, boards=boards)
