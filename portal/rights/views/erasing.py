"""Being gone: what it means, and asking for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, session, url_for

from portal.accounts.fresh import fresh
from portal.core.jinja import day
from portal.core.web import me_id, say, viewer
from portal.people.queries import person_by_id
from portal.rights import actions, policies
from portal.rights.forms import EraseForm
from portal.rights.views.exporting import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/settings/erase")
def erase() -> ResponseReturnValue:
    """What goes, what stays, and how long there is to think again."""
    return render_template("rights/erase.html", form=EraseForm(), calm=policies.calm(viewer()))


@bp.post("/settings/erase")
@fresh
def do_erase() -> ResponseReturnValue:
    """Hidden and signed out at once; gone when the days of grace are over."""
    form = EraseForm()
    me = person_by_id(me_id())
    row = None
    if form.validate_on_submit():
        row = form.attempt(lambda: actions.ask_for_erasure(me, posts=form.posts.data or "keep", by=viewer()))
    if row is None:
        return render_template("rights/erase.html", form=form, calm=""), 422
    session.clear()
    say(f"Nobody sees you any more. On {day(row.due_at)} everything is erased; until then, signing in calls it off.")
    return redirect(url_for("accounts.sign_in"))
