"""The day's work, worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from portal.admin.queries.day import work

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("day", __name__)


@bp.get("")
def index() -> ResponseReturnValue:
    """Everything that waits for an admin, each with one next step."""
    return render_template("admin/day.html", work=work())
