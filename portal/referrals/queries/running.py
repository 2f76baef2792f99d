"""The clocks that run on referrals, those that are over first."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, select, union_all

from portal.core.db import rows
from portal.referrals import policies
from portal.referrals.models import Referral
from portal.referrals.queries.columns import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, Select

    from portal.core.access import Viewer


def due_for(viewer: Viewer, limit: int, *, mine: bool) -> Sequence[Row[Any]]:
    """For managers and admins all; for others what is theirs, and what nobody has yet; or only what is the viewer's own."""
    if not policies.reads_pipeline(viewer):
        return []
    if mine:
        return rows(_OWN, me=viewer.person_id, most=limit)
    if viewer.has_role("manager", "admin"):
        return rows(_ALL, most=limit)
    found = rows(_theirs(policies.reach(viewer)), me=viewer.person_id, most=limit)
    return sorted(found, key=lambda row: (row.due_at, row.id))[:limit]


_MOST = bindparam("most", type_=Integer)
_RUNNING = LINES.where(Referral.due_at.is_not(None)).order_by(Referral.due_at, Referral.id)
_ALL = _RUNNING.limit(_MOST)
_OWN = _RUNNING.where(Referral.owner_id == bindparam("me")).limit(_MOST)


@cache
def _theirs(within: str) -> Select[*tuple[Any, ...]]:
    seen = _RUNNING.where(policies.readable(within))
    parts = [
        seen.where(whose).limit(_MOST) for whose in (Referral.owner_id == bindparam("me"), Referral.owner_id.is_(None))
    ]
    return select(union_all(*(select(part.subquery()) for part in parts)).subquery())
