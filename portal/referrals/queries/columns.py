"""What lists of referrals read: a few columns, with the names of owner and referrer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.people.models import Person
from portal.referrals.models import Referral

NO_REFERRAL = "There is no such referral, or it is not for you."
Owner, Referrer = aliased(Person), aliased(Person)

LINES = (
    select(
        Referral.id, Referral.public_id, Referral.kind, Referral.company, Referral.job, Referral.contact_name, Referral.contact_address,
        Referral.consent, Referral.stage, Referral.ending, Referral.stage_since, Referral.owner_id, Referral.amount, Referral.currency,
        Referral.next_step, Referral.next_on, Referral.due_at, Referral.due_what, Referral.reason, Referral.has_credit,
        Referral.first_id, Referral.created_at, Owner.full_name.label("owner_name"), Owner.public_id.label("owner_public_id"),
        Referrer.full_name.label("referrer_name"), Referrer.listed.label("referrer_listed"),
    )
    # Outer, though everybody is there: so a list is read along its own index, however the planner guesses.
    .outerjoin(Referrer, Referrer.id == Referral.referrer_id)
    .outerjoin(Owner, Owner.id == Referral.owner_id)
)  # fmt: skip
