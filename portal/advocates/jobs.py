"""What advocates do by the clock."""

from __future__ import annotations

from datetime import timedelta

from portal.advocates import actions
from portal.core.access import system_viewer
from portal.core.jobs import periodic


@periodic("advocates.alarms", every=timedelta(hours=1))
def alarms() -> None:
    """Nominations that nobody has taken up are told of, once (A6)."""
    actions.raise_alarms(by=system_viewer())
