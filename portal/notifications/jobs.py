"""What notifications do by the clock."""

from __future__ import annotations

from datetime import timedelta

from portal.core.access import system_viewer
from portal.core.jobs import periodic
from portal.notifications import actions


@periodic("notifications.forget_old", every=timedelta(days=1))
def forget_old() -> None:
    """Old notifications go."""
    actions.forget_old(by=system_viewer())
