"""Every write of asks."""

from __future__ import annotations

from portal.asks.actions.answering import accept, decline, lapse_asks, stop_asks
from portal.asks.actions.asking import Brief, ask_advocate, log_outside, take_back
from portal.asks.actions.closing import give_feedback, give_outcome, let_go, thank

__all__ = [
    "Brief", "accept", "ask_advocate", "decline", "give_feedback", "give_outcome", "lapse_asks", "let_go",
    "log_outside", "stop_asks", "take_back", "thank",
]  # fmt: skip
