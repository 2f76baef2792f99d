""" "I brought you in here": told by a member, confirmed or not by staff with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import audit, clock
from portal.core.db import add
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.referrals import policies, telling
from portal.referrals.models import InfluenceStory

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.core.partial_dates import PartialDate


def tell_influence(company: str, when: PartialDate, what: str, *, by: Viewer) -> InfluenceStory:
    """Say which firm one brought in, when and how."""
    require(policies.can_tell_influence(by), "You can't do this while you are suspended.")
    if not 2 <= len(company) <= 160:
        raise Invalid("Say which firm it was, in 2 to 160 characters.", "company")
    if not 10 <= len(what) <= 2000:
        raise Invalid("Tell it in 10 to 2,000 characters.", "what")
    if when.first > clock.today():
        raise Invalid("This is still to come.", "when")
    return add(InfluenceStory(person_id=by.person_id, company=company, when=when, what=what))


def decide_story(story: InfluenceStory, confirmed: bool, reason: str, *, by: Viewer) -> None:
    """Confirm it or not; the teller reads the reason."""
    require(policies.can_decide_story(by, story), "Nobody decides about their own story.")
    if story.state != "told":
        raise Conflict("Somebody answered this story already.")
    if not 2 <= len(reason) <= 1000:
        raise Invalid("Say why, in 2 to 1,000 characters; the teller reads it.", "reason")
    story.state = "confirmed" if confirmed else "not_confirmed"
    story.reason, story.decided_by_id, story.decided_at = reason, by.person_id, clock.now()
    audit.record("answer influence story", story, by=by, about=story.person_id, note=story.state)
    telling.tell_story(story, by=by)
