"""What files say of a member's career, for the member alone to confirm (I11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from portal.core.web import me_id, say, viewer
from portal.imports import actions, queries

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("suggested", __name__, url_prefix="/settings/career/suggested")


@bp.get("")
def index() -> ResponseReturnValue:
    """Entries that somebody's file suggests."""
    return render_template("imports/suggested.html", proposals=queries.own_proposals(me_id()))


@bp.post("/<public_id>/add")
def add(public_id: str) -> ResponseReturnValue:
    """It is so."""
    actions.accept_position(queries.own_proposal(me_id(), public_id), by=viewer())
    say("Your career says so now. You choose who sees it.")
    return redirect(url_for(".index"))


@bp.post("/<public_id>/leave")
def leave(public_id: str) -> ResponseReturnValue:
    """It is not so."""
    actions.decline(queries.own_proposal(me_id(), public_id), by=viewer())
    say("Left out. You are not asked again.")
    return redirect(url_for(".index"))
