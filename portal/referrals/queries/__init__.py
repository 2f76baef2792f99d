"""Every read of referrals."""

from portal.referrals.queries.columns import NO_REFERRAL
from portal.referrals.queries.own import (
    asked_by,
    by_id,
    is_waiting,
    letter_behind,
    own_first,
    own_page,
    own_referral,
    own_refused,
    own_same,
    readable_own,
    readable_work,
    said_no,
    told_events,
)
from portal.referrals.queries.people import deputy_of, heir_of, owner_named, owners
from portal.referrals.queries.pipeline import (
    Filters,
    columns,
    counts,
    every_row,
    history,
    referral_for,
    same_lead,
    table,
    totals,
)
from portal.referrals.queries.running import due_for
from portal.referrals.queries.stories import own_stories, stories, story_for

__all__ = [
    "NO_REFERRAL", "Filters", "asked_by", "by_id", "columns", "counts", "deputy_of", "due_for", "every_row", "heir_of",
    "history", "is_waiting", "letter_behind", "own_first", "own_page", "own_referral", "own_refused", "own_same", "own_stories",
    "owner_named", "owners", "readable_own", "readable_work", "referral_for", "said_no", "same_lead", "stories", "story_for",
    "table", "told_events", "totals",
]  # fmt: skip
