"""What a member has put away from their home page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model

FIRST_STEPS = "first steps"


class HomeDismissal(Model):
    """A part of home that a member does not want to see any more."""

    __tablename__ = "home_dismissal"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    dismissed_at: Mapped[datetime] = mapped_column(default=clock.now)
