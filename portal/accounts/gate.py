"""What is asked of those who are signed in before they go on: a second step for roles, and yes to new terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response, redirect, render_template, request, url_for

from portal.accounts import login, policies
from portal.consents import queries as wordings
from portal.core.web import typed_fields

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

# Signing out, one's own settings, the wordings themselves, and what every page is made of.
OPEN = ("accounts", "consents", "assets", "health", "static")


def init(app: Flask) -> None:
    """Stand in front of every page."""
    app.before_request(gate)


def gate() -> ResponseReturnValue | None:
    """Lead to what is asked first; nobody's typed words get lost on the way."""
    here = login.this_session()
    if here is None or request.routing_exception is not None or (request.endpoint or "").partition(".")[0] in OPEN:
        return None
    if policies.needs_second_step(here.viewer, here.factors):
        return _lead("accounts.raise_session", "Your role here asks for a second step when you sign in.")
    if wordings.asked_of(here.viewer, since=here.opened_at):
        return _lead("accounts.agree", "The terms have changed since you were here last.")
    return None


def _lead(endpoint: str, why: str) -> ResponseReturnValue:
    if request.method == "GET":
        return redirect(url_for(endpoint, next=request.full_path.rstrip("?")))
    return make_response(
        render_template("accounts/first.html", why=why, url=url_for(endpoint), fields=typed_fields()), 403
    )
