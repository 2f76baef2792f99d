"""Addresses that two accounts say are theirs: an admin who has nothing to do with it decides (I7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from portal.accounts import actions, queries
from portal.admin.forms.recovery import DisputeForm
from portal.core.web import say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("disputes", __name__, url_prefix="/disputes")


@bp.get("")
def index() -> ResponseReturnValue:
    """What waits, the oldest first."""
    return render_template("admin/disputes.html", open=queries.open_disputes())


@bp.route("/<public_id>", methods=["GET", "POST"])
def dispute(public_id: str) -> ResponseReturnValue:
    """Look at both, and decide with a reason."""
    both, form = queries.dispute(public_id), DisputeForm()
    give = form.give.data == "give"
    if form.validate_on_submit() and form.succeeds(
        lambda: actions.decide_dispute(both.dispute, give=give, reason=form.reason.data or "", by=viewer())
    ):
        say("Decided. Both are told by their other addresses.")
        return redirect(url_for(".index"))
    status = 422 if form.errors else 200
    sides = (both.holder.id, both.claimant.id)
    shut_out = {side for side in sides if not queries.has_way_beside(side, both.held.norm)}
    return render_template("admin/dispute.html", both=both, form=form, shut_out=shut_out), status
