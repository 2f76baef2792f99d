"""Asking, following an ask to its end, and noting a favour from outside."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.advocates import policies as care_policies
from portal.advocates import queries as care_queries
from portal.advocates.door import let_in
from portal.asks import actions, policies, queries, shown
from portal.asks.forms import AskForm, OutcomeForm, OutsideForm, ThanksForm
from portal.asks.queries import lights
from portal.core.errors import Missing
from portal.core.web import say, viewer
from portal.notifications.actions import read_about
from portal.people.queries import person_for

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.advocates.models import Act
    from portal.asks.models import Ask
    from portal.people.models import Person

bp = Blueprint("ask_desk", __name__, url_prefix="/programme")
DATA_USE = "Your name, firm and address go to the person named above, for this one purpose, and to nobody else."


@bp.before_request
def only_programme() -> ResponseReturnValue | None:
    """For others these pages do not exist."""
    return let_in(care_policies.in_programme(viewer()))


@bp.route("/advocates/<public_id>/ask", methods=["GET", "POST"])
def new(public_id: str) -> ResponseReturnValue:
    """Write the brief; who rests can't be asked, and the sentence says no more than that (A2)."""
    person = _person(public_id)
    acts = _askable(person)
    if not acts:
        return render_template("asks/resting.html", sentence=policies.NEUTRAL)
    form = AskForm(data={"data_use": DATA_USE, "act": request.args.get("act", "")})
    form.act.choices = [(one.key, one.name) for one in acts]
    if form.validate_on_submit() and (made := form.attempt(lambda: _ask(person, form))):
        say(f"The ask is on its way to {person.call_name}.")
        return redirect(url_for(".ask", public_id=made.public_id))
    status = 422 if form.is_submitted() else 200
    override = policies.can_override(viewer())
    return render_template("asks/new.html", person=person, form=form, override=override), status


@bp.route("/advocates/<public_id>/outside", methods=["GET", "POST"])
def outside(public_id: str) -> ResponseReturnValue:
    """A favour that was asked beside the portal."""
    person, form = _person(public_id), OutsideForm()
    if not _askable(person):
        return render_template("asks/resting.html", sentence=policies.NEUTRAL)
    form.act.choices = [(one.key, one.name) for one in care_queries.acts()]
    if form.validate_on_submit() and (made := form.attempt(lambda: _log(person, form))):
        say("Noted. It counts towards their limits, and they see it.")
        return redirect(url_for(".ask", public_id=made.public_id))
    status = 422 if form.is_submitted() else 200
    return render_template("asks/outside.html", person=person, form=form), status


@bp.get("/asks")
def index() -> ResponseReturnValue:
    """Asks that are not at their end, the first date first; or those that are."""
    show = "ended" if request.args.get("show") == "ended" else "open"
    page = queries.page(viewer(), show, after=request.args.get("after"), before=request.args.get("before"))
    older = url_for(".index", show=show, after=page.older) if page.older else None
    newer = url_for(".index", show=show, before=page.newer) if page.newer else None
    return render_template("asks/asks.html", page=page, show=show, older=older, newer=newer, words=shown)


@bp.get("/asks/<public_id>")
def ask(public_id: str) -> ResponseReturnValue:
    """One ask, from the brief to the thanks."""
    found = queries.ask_for(viewer(), public_id)
    read_about(f"ask:{public_id}", by=viewer())
    return _page(found)


@bp.post("/asks/<public_id>/outcome")
def outcome(public_id: str) -> ResponseReturnValue:
    """What came of it."""
    found, form = queries.ask_for(viewer(), public_id), OutcomeForm()
    if form.validate_on_submit() and form.succeeds(
        lambda: actions.give_outcome(
            found, form.outcome.data, form.note.data or "", form.feedback.data or "", by=viewer()
        )
    ):
        say("Noted. Now thank them.")
        return redirect(url_for(".ask", public_id=public_id))
    return _page(found, outcome=form), 422


@bp.post("/asks/<public_id>/thanks")
def thanks(public_id: str) -> ResponseReturnValue:
    """The end of every ask that was done (A7)."""
    found, form = queries.ask_for(viewer(), public_id), ThanksForm()
    if form.validate_on_submit() and form.succeeds(lambda: actions.thank(found, form.thanks.data or "", by=viewer())):
        say("Your thanks are on their way.")
        return redirect(url_for(".ask", public_id=public_id))
    return _page(found, thanks=form), 422


@bp.post("/asks/<public_id>/<any(take_back, let_go):verb>")
def end(public_id: str, verb: str) -> ResponseReturnValue:
    """Not needed any more, or nobody answered."""
    found = queries.ask_for(viewer(), public_id)
    (actions.take_back if verb == "take_back" else actions.let_go)(found, by=viewer())
    say("Taken back. The advocate is told." if verb == "take_back" else "Put away.")
    return redirect(url_for(".index"))


def _person(public_id: str) -> Person:
    person = person_for(viewer(), public_id)
    if viewer().is_person(person.id):
        raise Missing("You can't ask yourself.")
    return person


def _askable(person: Person) -> list[Act]:
    """The acts to choose from: for who looks after advocates what was consented to, for sellers what is green.

    What a seller sends is judged by the action alone, so that no typed word is lost and no consent is told (A2).
    """
    if care_policies.sees_everybody(viewer()):
        return [one.act for one in care_queries.consents_in_force(person.id)]
    if request.method == "POST":
        return care_queries.acts()
    green = lights.green_acts(person.id)
    return [one for one in care_queries.acts() if green.get(one.key)]


def _ask(person: Person, form: AskForm) -> Ask:
    brief = actions.Brief(
        what=form.what.data or "", by_date=form.by_date.data or date.max, deal=form.deal.data or "",
        firm=form.firm.data or "", data_use=form.data_use.data or "",
    )  # fmt: skip
    act, reason = care_queries.act(form.act.data), form.override_reason.data or ""
    return actions.ask_advocate(person, act, brief, override_reason=reason, by=viewer())


def _log(person: Person, form: OutsideForm) -> Ask:
    act = care_queries.act(form.act.data)
    return actions.log_outside(person, act, form.what.data or "", form.on.data, by=viewer())  # type: ignore[arg-type]


def _page(found: Ask, **forms: Any) -> str:
    given = {"outcome": OutcomeForm(formdata=None), "thanks": ThanksForm(formdata=None)}
    return render_template(
        "asks/desk_ask.html", ask=found, steps=shown.steps_of(found), words=shown, reach=queries.reach(found),
        reasons=care_policies.sees_reasons(viewer()), **(given | forms),
    )  # fmt: skip
