"""Every write of moderation, one subject a file."""

from portal.moderation.actions.appeals import NOT_NOW, answer_appeal, open_appeal, reverse_decision
from portal.moderation.actions.cases import claim, drop_held_case, open_case, open_held_case, release
from portal.moderation.actions.decisions import Order, check, decide, verbs_for
from portal.moderation.actions.reports import recount_reports, report_thing
from portal.moderation.actions.seconds import confirm, lapse, may_confirm, refuse

__all__ = [
    "NOT_NOW",
    "Order",
    "answer_appeal",
    "check",
    "claim",
    "confirm",
    "decide",
    "drop_held_case",
    "lapse",
    "may_confirm",
    "open_appeal",
    "open_case",
    "open_held_case",
    "recount_reports",
    "refuse",
    "release",
    "report_thing",
    "reverse_decision",
    "verbs_for",
]
