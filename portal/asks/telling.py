"""What both sides of an ask are told on the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.notifications.actions import notify

if TYPE_CHECKING:
    from portal.asks.models import Ask
    from portal.core.access import Viewer


def tell_advocate(ask: Ask, title: str, by: Viewer) -> None:
    """Tell the advocate, where the ask stands for them."""
    notify(ask.person_id, "ask", title=title, url=f"/asks/{ask.public_id}", group_key=f"ask:{ask.public_id}", by=by)


def tell_asker(ask: Ask, title: str, by: Viewer) -> None:
    """Tell who asked, where the ask stands in the programme."""
    if ask.asked_by_id is not None:
        notify(ask.asked_by_id, "ask_answer", title=title, url=f"/programme/asks/{ask.public_id}",
               group_key=f"ask:{ask.public_id}", by=by)  # fmt: skip
