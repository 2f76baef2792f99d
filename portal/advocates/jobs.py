"""What advocates do by the clock."""

from __future__ import annotations

from datetime import timedelta

from portal.advocates import actions
from portal.core.access import system_viewer
from portal.core.jobs import periodic


@periodic("advocates.alarms", every=timedelta(hours=1))
def alarms() -> None:
    """Nominations that nobody has taken up go to the deputy, then alarm everybody who can help; each once (A6)."""
    actions.escalate(by=system_viewer())
    actions.raise_alarms(by=system_viewer())
