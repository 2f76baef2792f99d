"""Answering an appeal: somebody else reads what was decided and what is said against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.core.web import say, viewer
from portal.moderation import actions, queries, shown
from portal.moderation.forms import AnswerForm
from portal.moderation.views import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/moderation/appeals/<public_id>", methods=["GET", "POST"])
def answer_appeal(public_id: str) -> ResponseReturnValue:
    """Grant it, or let the decision stand."""
    appeal, form = queries.appeal_for(viewer(), public_id), AnswerForm()
    if form.validate_on_submit():
        granted, words = form.granted.data == "yes", form.answer.data or ""
        if form.attempt(lambda: actions.answer_appeal(appeal, granted, words, by=viewer())):
            say("The appeal is answered, and the author has been told.")
            return redirect(url_for(".queue"))
        appeal = queries.appeal_for(viewer(), public_id)
    page = render_template("moderation/answer.html", page=shown.appeal_page(appeal, viewer()), form=form)
    return page, 422 if request.method == "POST" else 200
