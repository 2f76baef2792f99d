"""What the made-up community gives to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from portal.core.ops import on_first_start, sign_in_help
from portal.core.parts import Feature
from portal.demo import load, sign_ins
from portal.demo.cli import demo
from portal.demo.views import bp

if TYPE_CHECKING:
    from flask import Flask


on_first_start(load.load_if_empty)


@sign_in_help
def ways_in() -> list[str]:
    """What `portal up` tells about signing in."""
    return sign_ins.help_lines(current_app.config["PORTAL"].base_url)


def _init(app: Flask) -> None:
    if not app.config["PORTAL"].is_production:
        app.register_blueprint(bp)


FEATURE = Feature(name="demo", commands=(demo,), init=_init)
