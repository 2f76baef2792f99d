"""What was noticed of the reading, and the made-up records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from portal.accounts.fresh import ask_again
from portal.core import settings
from portal.core.errors import Missing
from portal.core.web import say, viewer
from portal.watch import actions, policies, queries
from portal.watch.forms import CanaryForm
from portal.watch.telling import WORDS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("watch", __name__, url_prefix="/admin/reading")


@bp.before_request
def only_admins() -> ResponseReturnValue | None:
    """For everybody else there is no such page."""
    if not policies.can_watch(viewer()):
        raise Missing("There is no such page, or it is not for you.")
    return ask_again(settings.get("admin_minutes"))


@bp.get("")
def index() -> ResponseReturnValue:
    """Alerts and canaries."""
    return _page(CanaryForm())


@bp.post("")
def set_canary() -> ResponseReturnValue:
    """One more made-up record."""
    form = CanaryForm()
    if form.validate_on_submit() and form.attempt(lambda: actions.set_canary(form.name.data or "", by=viewer())):
        say("It is among the people now. Whoever opens it is told to you.")
        return redirect(url_for(".index"))
    return _page(form), 422


@bp.post("/<public_id>/close")
def close(public_id: str) -> ResponseReturnValue:
    """Looked into."""
    actions.close_alert(queries.alert(public_id), by=viewer())
    say("Closed.")
    return redirect(url_for(".index"))


def _page(form: CanaryForm) -> str:
    return render_template(
        "watch/index.html", form=form, alerts=queries.alerts(), canaries=queries.canaries(), words=WORDS
    )
