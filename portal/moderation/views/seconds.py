"""A decision on its own page: the second look, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from portal.core.web import say, viewer
from portal.moderation import actions, queries, shown
from portal.moderation.forms import BecauseForm
from portal.moderation.views import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/moderation/decisions/<public_id>")
def decision(public_id: str) -> ResponseReturnValue:
    """What was decided, and what can still be done about it."""
    return _page(public_id, BecauseForm())


@bp.post("/moderation/decisions/<public_id>/confirm")
def confirm(public_id: str) -> ResponseReturnValue:
    """Agree to a decision that needs two people."""
    actions.confirm(queries.decision_for(viewer(), public_id), by=viewer())
    say("You have agreed: the decision holds from now on, and the author has been told.")
    return redirect(url_for(".queue"))


@bp.post("/moderation/decisions/<public_id>/refuse")
def refuse(public_id: str) -> ResponseReturnValue:
    """Not agree; the case is open again."""
    form, found = BecauseForm(), queries.decision_for(viewer(), public_id)
    actions.refuse(found, form.because.data or "", by=viewer())
    say("You have not agreed: it is undone, and the case is open again. Decide what should happen instead.", "info")
    return redirect(shown.case_url(found.case, viewer()))


@bp.post("/moderation/decisions/<public_id>/reverse")
def reverse(public_id: str) -> ResponseReturnValue:
    """Take a decision back."""
    form, found = BecauseForm(), queries.decision_for(viewer(), public_id)
    because = form.because.data or ""
    if form.attempt(lambda: actions.reverse_decision(found, because, by=viewer())) is None:
        return _page(public_id, form), 422
    say("The decision is taken back, and the author has been told.")
    return redirect(url_for(".decision", public_id=public_id))


def _page(public_id: str, form: BecauseForm) -> str:
    found = queries.decision_for(viewer(), public_id)
    return render_template("moderation/decision.html", page=shown.decision_page(found, viewer()), form=form)
