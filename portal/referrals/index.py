"""The index that finds referrals by company, job and, once there is consent, the referred person's name."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.db import scalars
from portal.core.search import SearchIndex
from portal.referrals.models import Referral

REFERRALS = SearchIndex("referral")
BATCH = 200


def index_again(after: int) -> int:
    """Write some referrals into the index once more; the referred person's name only while their yes holds."""
    found = scalars(select(Referral).where(Referral.id > after).order_by(Referral.id).limit(BATCH))
    REFERRALS.put_many(
        (each.id, f"{each.company} {each.job} {each.contact_name if each.consent == 'yes' else ''}".strip())
        for each in found
    )
    return found[-1].id if found else 0
