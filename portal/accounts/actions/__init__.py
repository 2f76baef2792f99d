"""Writing accounts."""

from __future__ import annotations

from portal.accounts.actions.sessions import (
    confirm_session,
    end_session,
    end_session_by_id,
    end_sessions,
    end_sessions_through,
    open_session,
)
from portal.accounts.actions.sign_in import (
    Step,
    add_password,
    ask_for_link,
    ask_for_link_here,
    confirm_device,
    follow_link,
    give_code,
    give_password,
)

__all__ = [
    "Step", "add_password", "ask_for_link", "ask_for_link_here", "confirm_device", "confirm_session",
    "end_session", "end_session_by_id", "end_sessions", "end_sessions_through", "follow_link", "give_code",
    "give_password", "open_session",
]  # fmt: skip
