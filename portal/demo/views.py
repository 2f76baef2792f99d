"""Development only: how to sign in to the made-up community."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from portal.core.web import public
from portal.demo import sign_ins

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("demo", __name__, url_prefix="/dev")


@bp.get("/sign-ins")
@public
def ways_in() -> ResponseReturnValue:
    """Role, address, password and the code of this moment."""
    rows = [(row, sign_ins.code_for(row.address)) for row in sign_ins.all_sign_ins()]
    return render_template("demo/sign_ins.html", rows=rows, password=sign_ins.PASSWORD)
