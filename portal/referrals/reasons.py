"""Why a referral comes to nothing: the closed list that the host keeps, some of it for one kind of referral alone."""

from __future__ import annotations

from portal.core import settings
from portal.referrals.stages import KIND_WORDS

LONGEST = 120  # characters
DEFAULT = """\
Lead: No need at present
Partner: No need at present
Lead: No budget
Went with somebody else
Could not reach them
Candidate: The place was filled
Candidate: Not a fit for the job
Same lead as an earlier referral
"""


def reasons_for(kind: str) -> list[str]:
    """The reasons that fit a kind."""
    return _listed(settings.get("referral_reasons"), kind)


def reasons_ok(text: str) -> bool:
    """Whether a setting leaves each kind a reason, without which nothing of it could end, and none is too long to keep."""
    found = [_listed(text, kind) for kind in KIND_WORDS]
    return all(found) and all(len(reason) <= LONGEST for reasons in found for reason in reasons)


def _listed(text: str, kind: str) -> list[str]:
    """The lines for every kind, and those that begin with this one."""
    found = []
    for line in text.splitlines():
        before, colon, after = line.partition(":")
        alone = bool(colon) and before.strip() in KIND_WORDS.values()
        if not alone or before.strip() == KIND_WORDS[kind]:
            found.append((after if alone else line).strip())
    return list(dict.fromkeys(filter(None, found)))
