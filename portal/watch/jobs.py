"""What is forgotten by the clock."""

from __future__ import annotations

from datetime import timedelta

from portal.core.access import system_viewer
from portal.core.jobs import periodic
from portal.watch import actions


@periodic("watch.forget_hours", every=timedelta(days=1))
def forget_hours() -> None:
    """Counts by the hour are kept for a day."""
    actions.forget_hours(by=system_viewer())
