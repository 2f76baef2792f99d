"""What happens to people's own data by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.core import clock, settings
from portal.core.access import system_viewer
from portal.core.files import storage
from portal.core.jobs import LATER, periodic
from portal.rights import actions, queries
from portal.rights.actions.erasing import REMINDED

if TYPE_CHECKING:
    from collections.abc import Iterator


@periodic("rights.drop_exports", every=timedelta(hours=1))
def drop_exports() -> None:
    """Copies whose week is over go."""
    for row in queries.exports_over():
        storage().delete(actions.drop_export(row, by=system_viewer()))


@periodic("rights.carry_out_erasures", every=timedelta(hours=1))
def carry_out_erasures() -> Iterator[None]:
    """Whoever's days of grace are over is erased; whose are nearly over hears of it."""
    for erasure_id in queries.erasures_due(clock.now() + REMINDED, reminded=False):
        actions.remind(erasure_id, by=system_viewer())
    yield
    for erasure_id in queries.erasures_due(clock.now()):
        actions.carry_out(erasure_id, by=system_viewer())
        yield


@periodic("rights.erase_again", every=timedelta(days=1))
def erase_again() -> None:
    """Nobody who was erased is here, whatever backup was restored."""
    actions.erase_again(by=system_viewer())


@periodic("rights.tidy_merges", every=timedelta(hours=6))
def tidy_merges() -> Iterator[None]:
    """Joined accounts that can't be parted any more leave nothing but an address that leads on."""
    for merge in queries.merges_over():
        actions.make_final(merge, by=system_viewer())
        yield


@periodic("rights.ask_still_right", every=timedelta(days=1), priority=LATER)
def ask_still_right() -> Iterator[None]:
    """Some members a day are asked whether their career is still right, each once a year."""
    for person_id in queries.to_be_asked(settings.get("still_right_per_day")):
        actions.ask_still_right(person_id, by=system_viewer())
        yield
