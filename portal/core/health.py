"""Is the process alive, and can it serve?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.core.db import db
from portal.core.web import public

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

bp = Blueprint("health", __name__)


def init(app: Flask) -> None:
    """Add the two pages that a supervisor or balancer asks."""
    app.register_blueprint(bp)


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """The database answers too, so requests may come."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return {"status": "the database does not answer"}, 503, {"Retry-After": "5"}
    return {"status": "ok"}
