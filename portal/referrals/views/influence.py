""" "I brought you in here": the member's page, and the page of those who answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.core.errors import Missing
from portal.core.limits import limited
from portal.core.web import say, viewer
from portal.referrals import actions, policies, queries
from portal.referrals.forms import AnswerStoryForm, StoryForm
from portal.referrals.views import bp, pipeline_bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/influence", methods=["GET", "POST"])
@limited("refer")
def influence() -> ResponseReturnValue:
    """Tell it, and read what became of it."""
    form = StoryForm()
    if form.validate_on_submit() and form.attempt(lambda: _tell(form)):
        say("Thank you for telling. Somebody who knows the firm reads it, and you hear of it.")
        return redirect(url_for(".influence"))
    page = render_template("referrals/influence.html", form=form, stories=queries.own_stories(viewer()))
    return page, 422 if form.is_submitted() else 200


@pipeline_bp.get("/influence")
def stories() -> ResponseReturnValue:
    """What members told."""
    _only_who_answers()
    return _stories("answered" if request.args.get("state") == "answered" else "told")


@pipeline_bp.post("/influence/<public_id>")
def decide(public_id: str) -> ResponseReturnValue:
    """Confirmed, or not, and why."""
    _only_who_answers()
    story, form = queries.story_for(viewer(), public_id), AnswerStoryForm()
    confirmed = request.form.get("confirmed") == "yes"
    if form.validate() and form.succeeds(
        lambda: actions.decide_story(story, confirmed, form.reason.data or "", by=viewer())
    ):
        say("Answered. The member reads it.")
        return redirect(url_for(".stories"))
    return _stories("told", {public_id: form}), 422


def _stories(state: str, answering: dict[str, AnswerStoryForm] | None = None) -> str:
    """The stories in a state; an answer that was not taken stands where it was written, with what is wrong."""
    page = queries.stories(viewer(), state, request.args.get("after"), request.args.get("before"))
    return render_template(
        "pipeline/stories.html", page=page, state=state, may_answer=policies.can_decide_story, answering=answering or {}
    )


def _only_who_answers() -> None:
    if not policies.reads_stories(viewer()):
        raise Missing("There is no such page, or it is not for you.")


def _tell(form: StoryForm) -> object:
    assert form.when.data is not None  # noqa: S101 - the form has asked for it
    return actions.tell_influence(form.company.data or "", form.when.data, form.what.data or "", by=viewer())
