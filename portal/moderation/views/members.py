"""What every member has: reporting, the rules, the log, one's own standing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.core.limits import limited
from portal.core.policy import require
from portal.core.web import me_id, say, viewer
from portal.moderation import actions, guidelines, logbook, own, policies, queries, shown
from portal.moderation.forms import AppealForm, ReportForm
from portal.moderation.reasons import REASONS
from portal.moderation.views import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/report/<kind>/<public_id>", methods=["GET", "POST"])
@limited("report", key=lambda: f"person:{viewer().person_id}")
def report(kind: str, public_id: str) -> ResponseReturnValue:
    """Ask a moderator to look at something."""
    thing, form = queries.reportable(kind).find(viewer(), public_id), ReportForm()
    require(policies.can_report(viewer(), thing.author_id), "You can't report your own words. You can take them back.")
    if form.validate_on_submit():
        reason, words = form.reason.data or "", form.words.data or ""
        if form.attempt(lambda: actions.report_thing(thing, reason, words, by=viewer())):
            return redirect(url_for(".thanks"))
    before = queries.open_report(viewer(), kind, public_id)
    status = 422 if request.method == "POST" else 200
    page = render_template(
        "moderation/report.html",
        thing=shown.thing(thing),
        form=form,
        before=before,
        may_decide=policies.can_take_up(viewer(), kind, thing.board_id, thing.author_id, "suspend"),
        decide_url=url_for(".take_up", kind=kind, public_id=public_id),
    )
    return page, status


@bp.get("/report/thanks")
def thanks() -> ResponseReturnValue:
    """It has arrived."""
    return render_template("moderation/thanks.html")


@bp.get("/guidelines", endpoint="guidelines")
def guidelines_page() -> ResponseReturnValue:
    """The rules, and who moderates."""
    return render_template(
        "moderation/guidelines.html", text=guidelines.text(), who=own.who_moderates(viewer()), reasons=REASONS
    )


@bp.get("/moderation-log")
def log() -> ResponseReturnValue:
    """What was decided, without names and without text."""
    page = logbook.page(viewer(), request.args.get("after"), request.args.get("before"))
    return render_template("moderation/log.html", page=page, months=logbook.months())


@bp.get("/my-standing")
def standing() -> ResponseReturnValue:
    """What was decided about the viewer, and what became of their reports."""
    return render_template(
        "moderation/standing.html",
        decisions=own.own_decisions(viewer()),
        hidden=queries.hidden_cases_of(me_id()),
        reports=own.own_reports(me_id()),
    )


@bp.route("/my-standing/<public_id>/appeal", methods=["GET", "POST"])
def appeal(public_id: str) -> ResponseReturnValue:
    """Object to a decision about oneself."""
    decision, form = queries.decision_about(viewer(), public_id), AppealForm()
    require(
        policies.can_appeal(viewer(), decision, decision.case, appealed=decision.appeal is not None), actions.NOT_NOW
    )
    if form.validate_on_submit():
        words = form.words.data or ""
        if form.attempt(lambda: actions.open_appeal(decision, words, by=viewer())):
            say("Your appeal has arrived. Somebody who had no part in the decision will read it, and you will hear.")
            return redirect(url_for(".standing"))
        decision = queries.decision_about(viewer(), public_id)
    page = render_template("moderation/appeal.html", decision=own.own_decision(decision, viewer()), form=form)
    return page, 422 if request.method == "POST" else 200
