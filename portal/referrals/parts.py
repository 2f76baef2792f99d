"""What referrals give to the house."""

from __future__ import annotations

from portal.core import limits
from portal.core.limits import DAY, Rate
from portal.core.parts import Feature, NavItem, Reindexing
from portal.core.settings import Setting
from portal.notifications import kinds
from portal.referrals import listeners, money, policies, queries, reasons, shown
from portal.referrals.index import index_again
from portal.referrals.person_data import ReferralData
from portal.referrals.views import bp, pipeline_bp

GROUP = "Referrals"

limits.register(Rate("refer", 20, DAY, "Referrals a member may send"))
kinds.register(
    kinds.NotificationType("referral", "What becomes of my referrals", icon="send", still_readable=queries.readable_own),
    kinds.NotificationType("referral_story", "What becomes of my stories of influence", icon="chat-heart"),
    kinds.NotificationType("referral_work", "A referral waits for me", icon="funnel",
                           still_readable=queries.readable_work, concerns=policies.reads_pipeline),
)  # fmt: skip

FEATURE = Feature(
    name="referrals",
    blueprints=(bp, pipeline_bp),
    reindexing=(Reindexing("referrals", index_again),),
    nav=(
        NavItem("Referrals", "referrals.mine", "send", 55, prefix="referrals."),
        NavItem("Referrals", "pipeline.board", "funnel", 20, shown=policies.reads_pipeline, section="pipeline",
                prefix=("pipeline.board", "pipeline.table")),
        NavItem("Influence", "pipeline.stories", "chat-heart", 30, shown=policies.reads_stories, section="pipeline",
                prefix="pipeline.stories"),
        NavItem("Your deputy", "pipeline.deputy", "person", 40, shown=policies.can_name_deputy, section="pipeline",
                prefix="pipeline.deputy"),
    ),
    person_data=(ReferralData(),),
    clocks=(shown.clocks,),
    settings=(
        Setting("referral_credit_days", 180, "Days that the first referral of a lead has the credit", GROUP, low=1, high=3650),
        Setting("referral_letter_days", 30, "Days that the question to a referred person stays open", GROUP, low=3, high=90),
        Setting("referral_consent_days", 14, "Days to wait for a referred person’s yes", GROUP,
                "Then it stands among the overdue.", low=1, high=365),
        Setting("referral_quiet_days", 7, "Days without a planned step", GROUP, "Then it stands among the overdue.",
                low=1, high=365),
        Setting("referral_reasons", reasons.DEFAULT, "Why a referral comes to nothing", GROUP,
                "One a line; begin it with Lead:, Candidate: or Partner: if it fits only these. Staff choose one of them, "
                "and the referrer reads it.", multiline=True, low=2, high=4000, accepts=reasons.reasons_ok,
                otherwise="Leave a reason for leads, for candidates and for partners, each of at most 120 characters."),
        Setting("referral_currencies", "GBP EUR USD", "Currencies of amounts", GROUP,
                "Three letters each. They are never added up across.", accepts=money.codes_ok,
                otherwise="Write currencies by their three letters: GBP EUR USD."),
    ),
)  # fmt: skip

__all__ = ["FEATURE", "listeners"]
