"""Every write of the opt-in."""

from __future__ import annotations

from portal.advocates.actions.acts import add_act, close_act, edit_act, ensure_acts, publish_wording, reopen_act
from portal.advocates.actions.checking import answer, check_in
from portal.advocates.actions.flags import close_flag, note_view, raise_flag
from portal.advocates.actions.limits import add_pause, end_pause, set_limits
from portal.advocates.actions.nominating import (
    close_nomination,
    escalate,
    invite_members,
    invite_nominee,
    link_nominee,
    log_contact,
    nominate,
    raise_alarms,
    tell_newcomer,
)
from portal.advocates.actions.opting import turn_off, turn_off_all, turn_on

__all__ = [
    "add_act", "add_pause", "answer", "check_in", "close_act", "close_flag", "close_nomination", "edit_act",
    "end_pause", "ensure_acts", "escalate", "invite_members", "invite_nominee", "link_nominee", "log_contact", "nominate",
    "note_view", "publish_wording", "raise_alarms", "raise_flag", "reopen_act", "set_limits", "tell_newcomer",
    "turn_off", "turn_off_all", "turn_on",
]  # fmt: skip
