"""What moderation does by the clock: second looks that did not come in time are undone (M3)."""

from __future__ import annotations

from datetime import timedelta

from portal.core import clock
from portal.core.access import system_viewer
from portal.core.jobs import periodic
from portal.moderation import actions, queries


@periodic("moderation.lapse", every=timedelta(minutes=15))
def lapse() -> None:
    """What was hidden for a second look is shown again after 72 hours."""
    for decision_id in queries.overdue_seconds(clock.now()):
        actions.lapse(queries.decision_by_id(decision_id), by=system_viewer())


@periodic("moderation.recount", every=timedelta(days=1))
def recount() -> None:
    """The number of reports on open cases, counted anew (T2)."""
    actions.recount_reports(by=system_viewer())
