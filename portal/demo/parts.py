"""What the made-up community gives to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.parts import Feature
from portal.demo.cli import demo
from portal.demo.views import bp

if TYPE_CHECKING:
    from flask import Flask


def _init(app: Flask) -> None:
    if not app.config["PORTAL"].is_production:
        app.register_blueprint(bp)


FEATURE = Feature(name="demo", commands=(demo,), init=_init)
