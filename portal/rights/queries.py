"""Reading what somebody asked for about their own data."""

from __future__ import annotations

from sqlalchemy import select

from portal.core import clock
from portal.core.db import get_one, scalars
from portal.rights.models import DataExport

NO_EXPORT = "There is no such copy of yours, or its week is over. You can ask for a new one."


def exports_of(person_id: int) -> list[DataExport]:
    """The copies that are being made or can still be had, the newest first."""
    mine = select(DataExport).where(DataExport.person_id == person_id, DataExport.state != "over")
    return scalars(mine.order_by(DataExport.id.desc()))


def own_export(person_id: int, public_id: str) -> DataExport:
    """One of a person's own copies."""
    mine = select(DataExport).where(DataExport.public_id == public_id, DataExport.person_id == person_id)
    return get_one(mine.where(DataExport.state != "over"), NO_EXPORT)


def exports_over() -> list[DataExport]:
    """Copies whose week has passed."""
    late = select(DataExport).where(DataExport.state == "ready", DataExport.expires_at <= clock.now())
    return scalars(late.order_by(DataExport.id).limit(100))
