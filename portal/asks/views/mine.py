"""An ask as the advocate sees it, its answer from a mail, and the ledger of asks and gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.asks import actions, queries, shown
from portal.asks.forms import FeedbackForm
from portal.core.access import system_viewer
from portal.core.errors import Invalid
from portal.core.web import me_id, public, say, viewer
from portal.notifications.actions import read_about

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.asks.models import Ask

bp = Blueprint("asks", __name__)
THANKS = {"yes": "Thank you. We tell who asked, and they get in touch with you.",
          "no": "Not this time. It costs you nothing, and nobody asks why."}  # fmt: skip


@bp.get("/settings/advocate/ledger")
def ledger() -> ResponseReturnValue:
    """Everything that was asked of me, and what became of it (A7)."""
    page = queries.ledger(me_id(), after=request.args.get("after"), before=request.args.get("before"))
    items = shown.ledger_items(page.items, url=lambda one: url_for(".ask", public_id=one.public_id), for_advocate=True)
    older = url_for(".ledger", after=page.older) if page.older else None
    newer = url_for(".ledger", before=page.newer) if page.newer else None
    return render_template("asks/ledger.html", items=items, older=older, newer=newer)


@bp.get("/asks/<public_id>")
def ask(public_id: str) -> ResponseReturnValue:
    """The brief, who asks, by when, what happens to my data; and the two answers."""
    found = queries.own_ask(me_id(), public_id)
    read_about(f"ask:{public_id}", by=viewer())
    return _page(found)


@bp.post("/asks/<public_id>/<any(yes, no):said>")
def say_so(public_id: str, said: str) -> ResponseReturnValue:
    """Answer on the site."""
    _answer(queries.own_ask(me_id(), public_id), said, viewer())
    say(THANKS[said])
    return redirect(url_for(".ask", public_id=public_id))


@bp.post("/asks/<public_id>/feedback")
def feedback(public_id: str) -> ResponseReturnValue:
    """How it was, from my side."""
    found, form = queries.own_ask(me_id(), public_id), FeedbackForm()
    if form.validate_on_submit() and form.succeeds(
        lambda: actions.give_feedback(found, form.feedback.data or "", by=viewer())
    ):
        say("Thank you. Who asked reads it.")
        return redirect(url_for(".ask", public_id=public_id))
    return _page(found, form), 422


@bp.get("/asks/answer/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    """The page behind the mailed links: the brief and two buttons; nothing happens by looking."""
    found = queries.ask_behind(token)
    said = "no" if request.args.get("say") == "no" else "yes"
    return render_template("asks/answer.html", ask=found, token=token, said=said)


@bp.post("/asks/answer/<token>")
@public
def answer_by_link(token: str) -> ResponseReturnValue:
    """One click, without signing in."""
    found, said = queries.ask_behind(token), request.form.get("answer", "")
    _answer(found, said, system_viewer())
    return render_template("asks/answered.html", ask=found, said=said, words=THANKS[said])


def _answer(found: Ask, said: str, by: Any) -> None:
    if said not in THANKS:
        raise Invalid("Choose one of the two answers.")
    (actions.accept if said == "yes" else actions.decline)(found, by=by)


def _page(found: Ask, form: FeedbackForm | None = None) -> str:
    form = form or FeedbackForm(formdata=None, feedback=found.advocate_feedback)
    return render_template("asks/ask.html", ask=found, steps=shown.steps_of(found), form=form, words=shown)
