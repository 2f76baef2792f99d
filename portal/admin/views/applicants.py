"""Who asks to join: look, and decide with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from portal.accounts import actions, queries
from portal.admin import words
from portal.admin.forms.people import DeclineForm
from portal.admin.queries.people import namesakes, people_by_id
from portal.core.web import say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("applicants", __name__, url_prefix="/applicants")
STATES = (("waiting", "Waiting"), ("approved", "Let in"), ("declined", "Declined"))


@bp.get("")
def index() -> ResponseReturnValue:
    """Requests, those who wait longest first."""
    state = request.args.get("state", "waiting")
    page = queries.applicants(state, after=request.args.get("after"), before=request.args.get("before"))
    states = [{"label": label, "url": url_for(".index", state=key), "active": key == state} for key, label in STATES]
    return render_template("admin/applicants.html", page=page, state=state, states=states, words=words)


@bp.get("/<public_id>")
def applicant(public_id: str) -> ResponseReturnValue:
    """One request, with people of a like name as a hint for the eyes (R17)."""
    return _page(public_id, DeclineForm(formdata=None))


@bp.post("/<public_id>/approve")
def approve(public_id: str) -> ResponseReturnValue:
    """Let somebody in."""
    person = actions.approve_applicant(queries.applicant(public_id), by=viewer())
    say(f"{person.full_name} is invited: the letter is on its way.")
    return redirect(url_for(".index"))


@bp.post("/<public_id>/decline")
def decline(public_id: str) -> ResponseReturnValue:
    """Say no, and why."""
    found, form = queries.applicant(public_id), DeclineForm()
    if not form.validate_on_submit():
        return _page(public_id, form), 422
    actions.decline_applicant(found, form.reason.data or "", by=viewer())
    say("Declined. The reason is on its way to them.")
    return redirect(url_for(".index"))


def _page(public_id: str, form: DeclineForm) -> str:
    found = queries.applicant(public_id)
    record = queries.unclaimed_record(found.norm, found.norm.rpartition("@")[2]) if found.state == "waiting" else None
    shown = people_by_id([person.id])[person.id] if (person := record) else None
    alike = namesakes(found.full_name, beside=record.id if record else None)
    return render_template("admin/applicant.html", applicant=found, record=shown, alike=alike, form=form, words=words)
