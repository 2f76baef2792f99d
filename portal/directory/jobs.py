"""What the directory does by the clock."""

from __future__ import annotations

from datetime import timedelta

from portal.core.access import system_viewer
from portal.core.jobs import periodic
from portal.directory import actions


@periodic("directory.forget_reading", every=timedelta(days=1))
def forget_reading() -> None:
    """Old counts go."""
    actions.forget_old(by=system_viewer())
