"""The clocks that run on referrals, those that are over first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, union_all

from portal.core.db import rows
from portal.referrals import policies
from portal.referrals.models import Referral
from portal.referrals.queries.columns import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from portal.core.access import Viewer


def due_for(viewer: Viewer, limit: int) -> Sequence[Row[Any]]:
    """For managers and admins all; for others what is theirs, and what nobody has yet."""
    if not policies.reads_pipeline(viewer):
        return []
    running = LINES.where(policies.readable_by(viewer), Referral.due_at.is_not(None))
    first = (Referral.due_at, Referral.id)
    if viewer.has_role("manager", "admin"):
        return rows(running.order_by(*first).limit(limit))
    mine, free = (Referral.owner_id == viewer.person_id), Referral.owner_id.is_(None)
    parts = [running.where(whose).order_by(*first).limit(limit).subquery() for whose in (mine, free)]
    found = rows(select(union_all(*(select(part) for part in parts)).subquery()))
    return sorted(found, key=lambda row: (row.due_at, row.id))[:limit]
