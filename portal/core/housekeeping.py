"""What is forgotten by the clock: used one-time keys, and the places that deeds came from."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.core import clock, once
from portal.core.audit import AuditRow
from portal.core.db import db
from portal.core.jobs import periodic

if TYPE_CHECKING:
    from flask import Flask

KEYS_KEPT = timedelta(days=30)
PLACES_KEPT = timedelta(days=90)


def init(_app: Flask) -> None:
    """The job below is known by being imported."""


@periodic("core.forget", every=timedelta(days=1))
def forget() -> None:
    """Forget old one-time keys; blank the network addresses in old audit rows."""
    once.clean(KEYS_KEPT)
    old = (AuditRow.at < clock.now() - PLACES_KEPT, AuditRow.address != "")
    db.session.execute(update(AuditRow).where(*old).values(address=""))
