"""The devices that are signed in (I14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from portal.accounts import actions, login, queries
from portal.accounts.views import bp
from portal.core.web import me_id, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/settings/devices")
def sessions() -> ResponseReturnValue:
    """Every browser that is signed in."""
    here = login.this_session()
    found = queries.open_sessions(me_id())
    return render_template("accounts/sessions.html", sessions=found, here=here.session_id if here else None)


@bp.post("/settings/devices/<public_id>/end")
def end_session(public_id: str) -> ResponseReturnValue:
    """Sign one device out."""
    actions.end_session(queries.own_session(me_id(), public_id), by=viewer())
    say("That device is signed out.")
    return redirect(url_for(".sessions"))


@bp.post("/settings/devices/end-others")
def end_others() -> ResponseReturnValue:
    """Sign every other device out."""
    here = login.this_session()
    actions.end_sessions(me_id(), but=here.session_id if here else None, by=viewer())
    say("All other devices are signed out.")
    return redirect(url_for(".sessions"))
