"""Nobody's work is orphaned: when a role ends, open referrals go to the deputy, or to a manager (I16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, literal, select, update

from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db, upsert
from portal.core.errors import Invalid
from portal.core.policy import require
from portal.notifications.actions import notify
from portal.referrals import policies, queries
from portal.referrals.models import Referral, ReferralDeputy, ReferralEvent

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.people.models import Person

LEFT = "Handed over, because the role ended."


def name_deputy(deputy: Person, *, by: Viewer) -> None:
    """Say to whom one's open referrals go when one leaves."""
    require(policies.can_name_deputy(by), "Only who works with referrals has a deputy.")
    if by.is_person(deputy.id) or not policies.can_own(viewer_of(deputy.id)):
        raise Invalid("A deputy is somebody else whose role works with referrals.", "deputy")
    values = {"owner_id": by.person_id, "deputy_id": deputy.id, "since": clock.now()}
    changed = {"deputy_id": deputy.id, "since": clock.now()}
    db.session.execute(upsert(ReferralDeputy.__table__, values, keys=["owner_id"], update=changed))


def hand_over(person_id: int, *, by: Viewer) -> int:
    """Give everything open to the deputy, however much it is, in two statements; how many changed hands.

    Without a deputy who can take it a manager does; without any manager it is free for whoever takes it first.
    """
    require(by.is_member or by.system, "Please sign in first.")
    heir = queries.heir_of(person_id)
    if policies.can_own(viewer_of(person_id)):
        return 0  # another role still works with them
    theirs = (Referral.owner_id == person_id, Referral.ending == "")
    name = viewer_of(heir).name if heir is not None else "nobody"
    line = select(
        Referral.id, literal(clock.now()), literal(by.person_id), literal("owner"), literal(viewer_of(person_id).name),
        literal(name), literal(LEFT), literal(False),
    ).where(*theirs)  # fmt: skip
    columns = ["referral_id", "at", "by_id", "what", "old", "new", "note", "told"]
    db.session.execute(insert(ReferralEvent).from_select(columns, line))
    given = update(Referral).where(*theirs).values(owner_id=heir).returning(Referral.id)
    number = len(db.session.execute(given, execution_options={"synchronize_session": False}).all())
    if number and heir is not None:
        title = f"{number} open referral{'s' if number > 1 else ''} came to you as the deputy"
        notify(heir, "referral_work", title=title, url="/programme/referrals?owner=me", by=by)
    return number
