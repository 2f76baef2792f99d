"""What careers do by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.careers import actions
from portal.core import clock
from portal.core.access import system_viewer
from portal.core.jobs import periodic

if TYPE_CHECKING:
    from collections.abc import Iterator


@periodic("careers.end_ties", every=timedelta(hours=1))
def end_ties() -> Iterator[None]:
    """Dates that have come: ties that ended by themselves are announced, some at a time."""
    while actions.announce_ended_ties(clock.today(), by=system_viewer()):
        yield


@periodic("careers.settle_moves", every=timedelta(hours=1))
def settle_moves() -> Iterator[None]:
    """Moves that have come and were not taken back: what the person ticked may happen now (A10)."""
    while actions.settle_moves(by=system_viewer()):
        yield
