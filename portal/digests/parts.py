"""What digests give to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.parts import Feature
from portal.core.settings import Setting
from portal.digests import jobs, views
from portal.digests.person_data import LetterData
from portal.digests.queries import KIND
from portal.notifications import kinds

if TYPE_CHECKING:
    from flask import Flask

GROUP = "Weekly letter"
kinds.register(
    kinds.NotificationType(
        KIND, "The weekly letter", mail=kinds.WEEKLY, choices=(kinds.WEEKLY, kinds.OFF), bell=False, icon="envelope",
        hint="What is new where you follow, whom you may know, a question. Only when there is something in it.", order=0,
    )
)  # fmt: skip


def _init(app: Flask) -> None:
    if not app.config["PORTAL"].is_production:
        app.register_blueprint(views.dev)


FEATURE = Feature(
    name="digests",
    blueprints=(views.bp,),
    person_data=(LetterData(),),
    init=_init,
    settings=(
        Setting("letter_weekday", 2, "Weekday of the letter", GROUP, "1 is Monday, 7 is Sunday.", low=1, high=7),
        Setting("letter_hour", 8, "Hour of the letter", GROUP, "By each member's own clock.", low=0, high=23),
        Setting("letter_items", 10, "Things in a letter", GROUP, "At most.", low=1, high=30),
        Setting("letter_person_weeks", 26, "Weeks until the same person is told again", GROUP, low=1, high=104),
        Setting("letter_away_days", 180, "Days away until letters stop", GROUP,
                "They come again after the next visit.", low=7, high=3650),
    ),
)  # fmt: skip

__all__ = ["FEATURE", "jobs"]
