"""What happens to leavers by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.core import clock
from portal.core.access import system_viewer
from portal.core.jobs import periodic
from portal.leavers import actions, queries

if TYPE_CHECKING:
    from collections.abc import Iterator


@periodic("leavers.write_again", every=timedelta(hours=12))
def write_again() -> Iterator[None]:
    """Whoever has not come yet hears again before the last day, while the letter can still be read."""
    for row in queries.unanswered():
        if queries.is_due(row, clock.today()):
            actions.write_again(row, by=system_viewer())
            yield
