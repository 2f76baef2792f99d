"""What `portal doctor` asks about accounts."""

from __future__ import annotations

from portal.core.doctor import health_check
from portal.people.queries import admins_beside

ENOUGH = 2


@health_check("Admins")
def enough_admins() -> str | None:
    """Two admins at least: helping somebody who lost every way in needs two (I9, I16)."""
    found = admins_beside(0)
    if found >= ENOUGH:
        return None
    return (
        f"There {'is one admin' if found else 'is no admin'}; make another one with `portal create-admin NAME ADDRESS`."
    )
