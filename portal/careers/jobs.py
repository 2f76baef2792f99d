"""What careers do by the clock."""

from __future__ import annotations

from datetime import timedelta

from portal.careers import actions
from portal.core import clock
from portal.core.access import system_viewer
from portal.core.jobs import periodic


@periodic("careers.end_ties", every=timedelta(hours=1))
def end_ties() -> None:
    """Dates that have come: ties that ended by themselves are announced."""
    actions.announce_ended_ties(clock.today(), by=system_viewer())
