"""What referrals keep about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, or_, select, update

from portal.core.db import db, rows
from portal.referrals.models import InfluenceStory, Referral, ReferralConsent, ReferralDeputy, ReferralEvent

NAMED: tuple[tuple[Any, str], ...] = (
    (Referral, "referrer_id"), (Referral, "owner_id"), (ReferralEvent, "by_id"), (ReferralConsent, "recorded_by_id"),
    (InfluenceStory, "person_id"), (InfluenceStory, "decided_by_id"),
)  # fmt: skip


class ReferralData:
    """A referral stays with its outcome under “Former member”; what its sender wrote, and the stories, go."""

    tables: tuple[str, ...] = (
        "referral", "referral_event", "referral_consent", "referral_deputy", "influence_story"
    )  # fmt: skip

    def count(self, person_id: int) -> int:
        """How many referrals and stories the person sent."""
        sent = select(func.count()).select_from(Referral).where(Referral.referrer_id == person_id)
        told = select(func.count()).select_from(InfluenceStory).where(InfluenceStory.person_id == person_id)
        return int(db.session.execute(sent).scalar_one() + db.session.execute(told).scalar_one())

    def export(self, person_id: int) -> dict[str, Any]:
        """What the person referred and told, with what came of it."""
        sent = select(
            Referral.kind, Referral.company, Referral.job, Referral.contact_name, Referral.about, Referral.consent,
            Referral.stage, Referral.has_credit, Referral.created_at,
        ).where(Referral.referrer_id == person_id)  # fmt: skip
        told = select(InfluenceStory.company, InfluenceStory.what, InfluenceStory.state, InfluenceStory.created_at)
        return {
            "referrals": [dict(row._mapping) for row in rows(sent.order_by(Referral.id))],  # noqa: SLF001
            "influence": [dict(row._mapping) for row in rows(told.where(InfluenceStory.person_id == person_id))],  # noqa: SLF001
        }

    def move(self, old_id: int, new_id: int) -> None:
        """Everything follows a merge; of two deputies the new account's stays."""
        for table, column in NAMED:
            db.session.execute(update(table).where(getattr(table, column) == old_id).values({column: new_id}))
        theirs = or_(ReferralDeputy.owner_id == old_id, ReferralDeputy.deputy_id == old_id)
        db.session.execute(delete(ReferralDeputy).where(theirs))

    def erase(self, person_id: int) -> None:
        """Words and stories go; a referral keeps its outcome, and the referred person what they said yes to."""
        mine = Referral.referrer_id == person_id
        db.session.execute(update(Referral).where(mine).values(about=""))
        db.session.execute(delete(InfluenceStory).where(InfluenceStory.person_id == person_id))
        named = or_(ReferralDeputy.owner_id == person_id, ReferralDeputy.deputy_id == person_id)
        db.session.execute(delete(ReferralDeputy).where(named))
