"""Everything that is done with referrals."""

from portal.referrals.actions.consent import answer_letter, say_they_agreed
from portal.referrals.actions.handing_over import hand_over, name_deputy
from portal.referrals.actions.influence import decide_story, tell_influence
from portal.referrals.actions.referring import Lead, refer, referred_already, take_back
from portal.referrals.actions.taking_out import record_taking_out, take_out
from portal.referrals.actions.working import Plan, assign, move, note, plan

__all__ = [
    "Lead", "Plan", "answer_letter", "assign", "decide_story", "hand_over", "move", "name_deputy", "note", "plan",
    "record_taking_out", "refer", "referred_already", "say_they_agreed", "take_back", "take_out", "tell_influence",
]  # fmt: skip
