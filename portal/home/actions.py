"""Arranging one's home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import clock
from portal.core.db import db, upsert
from portal.core.policy import require
from portal.home import policies
from portal.home.models import FIRST_STEPS, HomeDismissal

if TYPE_CHECKING:
    from portal.core.access import Viewer


def dismiss_first_steps(*, by: Viewer) -> None:
    """Put the first steps away for good."""
    require(policies.can_arrange(by), "Please sign in first.")
    values = {"person_id": by.person_id, "what": FIRST_STEPS, "dismissed_at": clock.now()}
    db.session.execute(upsert(HomeDismissal.__table__, values, keys=["person_id", "what"]))
