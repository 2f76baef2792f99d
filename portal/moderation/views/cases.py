"""A case: what was written in its place, what was said about it, and the decision."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for

from portal.boards.queries import board_for
from portal.core.application import begin, reads_first
from portal.core.errors import Missing
from portal.core.web import say, viewer
from portal.moderation import actions, policies, queries, shown
from portal.moderation.forms import DecisionForm
from portal.moderation.reasons import TOLD
from portal.moderation.views import bp

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from portal.core.parts import ReportedThing
    from portal.moderation.models import Case


@bp.route("/moderation/cases/<public_id>", methods=["GET", "POST"])
@reads_first
def case(public_id: str) -> ResponseReturnValue:
    """One case of the queue."""
    return _page_or_decision(
        lambda: queries.case_for(viewer(), public_id), lambda: queries.case_for(viewer(), public_id)
    )


@bp.route("/moderation/<kind>/<public_id>", methods=["GET", "POST"])
@reads_first
def take_up(kind: str, public_id: str) -> ResponseReturnValue:
    """Decide about something at one's own initiative; a case is opened with the decision."""
    found = queries.open_case_about(kind, public_id)
    if found is not None and policies.can_look_into(viewer(), found.board_id, found.author_id):
        return redirect(url_for(".case", public_id=found.public_id))
    return _page_or_decision(
        lambda: shown.case_to_be(_thing(kind, public_id)),
        lambda: actions.open_case(_thing(kind, public_id), "moderator", by=viewer()),
    )


def _thing(kind: str, public_id: str) -> ReportedThing:
    thing = queries.reportable(kind).load(public_id)
    if not policies.can_take_up(viewer(), kind, thing.board_id, thing.author_id, "suspend"):
        raise Missing(queries.NO_CASE)
    if thing.board_id is None:  # outside the boards nobody takes up what they could not come across themselves
        queries.reportable(kind).find(viewer(), public_id)
    return thing


def _page_or_decision(look: Callable[[], Case], load: Callable[[], Case]) -> ResponseReturnValue:
    form = DecisionForm()
    if request.method == "GET":
        return _page(look(), form)
    valid = form.validate()
    if request.form.get("preview"):
        return _page(look(), form, preview=True)
    if valid:
        begin()
        done = form.attempt(lambda: _decide(load(), form))
        if done:
            say(done)
            return redirect(url_for(".queue"))
    return _page(look(), form), 422


def _decide(found: Case, form: DecisionForm) -> str:
    decision = actions.decide(found, _order(form), by=viewer())
    if decision.is_pending:
        return "Written down. It waits for a second moderator, who has 72 hours."
    return "Decided. The author has been told." if decision.verb in TOLD else "Decided."


def _order(form: DecisionForm) -> actions.Order:
    until = None
    if form.until.data is not None:
        until = datetime.combine(form.until.data, time(0), ZoneInfo(viewer().timezone)).astimezone(UTC)
    return actions.Order(
        verb=form.verb.data or "",
        reason=form.reason.data or "",
        words=form.words.data or "",
        hides=form.hides.data,
        until=until,
        board=board_for(viewer(), form.board.data) if form.verb.data == "move" and form.board.data else None,
    )


def _page(found: Case, form: DecisionForm, *, preview: bool = False) -> str:
    page = shown.case_page(found, viewer())
    form.verb.choices = page.verbs
    form.board.choices = page.boards
    notice = shown.preview_of(found, _order(form), viewer()) if preview else None
    return render_template("moderation/case.html", page=page, form=form, notice=notice)
