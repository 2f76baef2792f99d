"""Who reads a board: ticked, counted, and only then saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from portal.admin.queries import boards as counting
from portal.boards import actions, queries
from portal.boards.grants import grants
from portal.careers.audiences import audience_of, lines_of, segment_sizes, ticked
from portal.careers.forms import AudienceForm
from portal.core.web import say, viewer
from portal.people.queries import groups

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("readers", __name__, url_prefix="/boards/<public_id>/readers")


@bp.route("", methods=["GET", "POST"])
def index(public_id: str) -> ResponseReturnValue:
    """The audience of a board; how many would gain or lose it is shown before it is saved."""
    board = queries.any_board(public_id)
    form = AudienceForm()
    form.offer(groups())
    if not form.is_submitted():
        form.tick(ticked(grants().rules[board.id].audiences))
    lines = lines_of(form.boxes)
    seen = json.dumps(lines)
    # Saved is what was counted: boxes that were ticked since are counted first.
    if form.validate_on_submit() and request.form.get("act") == "save" and request.form.get("seen") == seen:
        actions.set_audience(board, lines, by=viewer())
        say("Saved. Who may no longer read it can’t open it from now on.")
        return redirect(url_for(".index", public_id=public_id))
    preview = counting.readers([audience_of(line) for line in lines], board.id)
    return render_template(
        "admin/readers.html", board=board, form=form, preview=preview, sizes=segment_sizes(),
        changed=form.is_submitted(), seen=seen,
    )  # fmt: skip
