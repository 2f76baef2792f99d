"""What happens to people's own data by the clock."""

from __future__ import annotations

from datetime import timedelta

from portal.core.access import system_viewer
from portal.core.files import storage
from portal.core.jobs import periodic
from portal.rights import actions, queries


@periodic("rights.drop_exports", every=timedelta(hours=1))
def drop_exports() -> None:
    """Copies whose week is over go."""
    for row in queries.exports_over():
        storage().delete(actions.drop_export(row, by=system_viewer()))
