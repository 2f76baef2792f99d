"""What asks do by the clock."""

from __future__ import annotations

from datetime import timedelta

from portal.asks import actions
from portal.core.access import system_viewer
from portal.core.jobs import periodic


@periodic("asks.lapse", every=timedelta(minutes=15))
def lapse() -> None:
    """Asks that nobody answered in time."""
    actions.lapse_asks(by=system_viewer())
