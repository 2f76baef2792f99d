"""People who lost every way in: one admin proposes, another one confirms, anybody's own address can stop it (I9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from portal.accounts import actions, queries
from portal.admin import words
from portal.admin.forms.people import DeclineForm
from portal.admin.forms.recovery import EvidenceForm, ProposeForm
from portal.admin.queries.people import chosen, namesakes, people_by_id
from portal.core.web import say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("recovery", __name__, url_prefix="/recovery")
STATES = {
    "open": ("Open", ("proved", "proposed", "waiting", "ready")),
    "over": ("Over", ("done", "vetoed", "refused", "over")),
}


@bp.get("")
def index() -> ResponseReturnValue:
    """Who waits, the longest first."""
    state = request.args.get("state", "open")
    state = state if state in STATES else "open"
    page = queries.cases(STATES[state][1], after=request.args.get("after"), before=request.args.get("before"))
    tabs = [
        {"label": label, "url": url_for(".index", state=key), "active": key == state}
        for key, (label, _) in STATES.items()
    ]
    return render_template("admin/recoveries.html", page=page, state=state, states=tabs, words=words)


@bp.get("/<public_id>")
def case(public_id: str) -> ResponseReturnValue:
    """One case, and what this admin can do with it."""
    return _page(public_id)


@bp.post("/<public_id>/propose")
def propose(public_id: str) -> ResponseReturnValue:
    """Whose account it is, and how this admin knows."""
    found, form = queries.case(public_id), ProposeForm()
    if not form.validate_on_submit() or not form.succeeds(
        lambda: actions.propose_recovery(found, chosen(form.person.data or ""), form.evidence.data or "", by=viewer())
    ):
        return _page(public_id, propose=form), 422
    say("Proposed. Another admin has to confirm it; all own addresses of the person are told.")
    return redirect(url_for(".case", public_id=public_id))


@bp.post("/<public_id>/confirm")
def confirm(public_id: str) -> ResponseReturnValue:
    """The second admin has looked too."""
    found, form = queries.case(public_id), EvidenceForm()
    if not form.validate_on_submit() or not form.succeeds(
        lambda: actions.confirm_recovery(found, form.evidence.data or "", by=viewer())
    ):
        return _page(public_id, confirm=form), 422
    say("Confirmed. The waiting period begins now, and everybody concerned is told.")
    return redirect(url_for(".case", public_id=public_id))


@bp.post("/<public_id>/refuse")
def refuse(public_id: str) -> ResponseReturnValue:
    """Say no, and why."""
    found, form = queries.case(public_id), DeclineForm()
    if not form.validate_on_submit():
        return _page(public_id, refuse=form), 422
    actions.refuse_recovery(found, form.reason.data or "", by=viewer())
    say("Refused. The reason is on its way to whoever asked.")
    return redirect(url_for(".index"))


def _page(
    public_id: str,
    *,
    propose: ProposeForm | None = None,
    confirm: EvidenceForm | None = None,
    refuse: DeclineForm | None = None,
) -> str:
    found, who = queries.case(public_id), viewer()
    ids = [each for each in (found.person_id, found.proposed_by_id, found.confirmed_by_id) if each]
    return render_template(
        "admin/recovery.html", case=found, people=people_by_id(ids), words=words, alike=namesakes(found.full_name),
        may_confirm=found.proposed_by_id != who.person_id, is_own=who.is_person(found.person_id),
        propose=propose or ProposeForm(formdata=None), confirm=confirm or EvidenceForm(formdata=None),
        refuse=refuse or DeclineForm(formdata=None),
    )  # fmt: skip
