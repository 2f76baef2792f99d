"""What accounts give to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts import login, mailing, models, passwords
from portal.accounts.views import bp
from portal.core import limits
from portal.core.limits import DAY, HOUR, MINUTE, Rate
from portal.core.parts import Feature, NavItem
from portal.core.settings import Setting

if TYPE_CHECKING:
    from flask import Flask

limits.register(
    Rate("link_address", 5, 15 * MINUTE, "Links mailed to one address", strict=True),
    Rate("second_step", 5, 15 * MINUTE, "Codes tried for one account", strict=True, waits=(0, 0, 5, 15, 60)),
    Rate("join", 10, HOUR, "Requests to join from one place", strict=True),
    Rate("verify_mail", 10, DAY, "Addresses a member may add", strict=True),
)


def _init(app: Flask) -> None:
    login.init(app)
    passwords.prepare()


FEATURE = Feature(
    name="accounts",
    blueprints=(bp,),
    settings=(
        Setting("session_days", 30, "Days a sign-in lasts after it was last used", "Sign-in", low=1, high=365),
        Setting("session_devices", 10, "Devices that may be signed in at once", "Sign-in", low=1, high=100),
    ),
    nav=(NavItem("Devices", "accounts.sessions", "laptop", 40, section="settings", prefix="accounts.sessions"),),
    init=_init,
)

__all__ = ["FEATURE", "mailing", "models"]
