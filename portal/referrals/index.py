"""The index that finds referrals by company, job and, once there is consent, the referred person's name."""

from __future__ import annotations

from portal.core.search import SearchIndex

REFERRALS = SearchIndex("referral")
