"""What home gives to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.parts import Feature, NavItem
from portal.core.settings import Setting
from portal.home import dev
from portal.home.person_data import HomeData
from portal.home.views import bp

if TYPE_CHECKING:
    from flask import Flask

LANDING_LEAD = (
    "You left the firm, not the people. This is the house of everybody who worked here, bought from us or sold with us."
)


def _init(app: Flask) -> None:
    if not app.config["PORTAL"].is_production:
        app.register_blueprint(dev.bp)


FEATURE = Feature(
    name="home",
    blueprints=(bp,),
    nav=(NavItem("Home", "home.index", "house-door", 0),),
    person_data=(HomeData(),),
    settings=(
        Setting(
            "landing_lead", LANDING_LEAD,
            "Sentence on the front page", "Brand", "Under the line that welcomes visitors.", multiline=True,
        ),
    ),
    init=_init,
)  # fmt: skip
