"""The advocates with their lights, and one of them: behind one guard, and each look at a record written down (P4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.advocates import actions as care
from portal.advocates import policies as care_policies
from portal.advocates import queries as care_queries
from portal.advocates.door import let_in
from portal.advocates.forms import FlagForm
from portal.asks import policies, queries, shown
from portal.asks.queries import lights
from portal.core.errors import Conflict, Missing
from portal.core.limits import limited
from portal.core.web import say, viewer
from portal.people.queries import person_for

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Person

bp = Blueprint("advocate_desk", __name__, url_prefix="/programme/advocates")
REASONS = {
    "deal": "To find somebody for a deal",
    "care": "To look after them",
    "ask": "To follow up an ask",
    "plan": "To plan the programme",
}


@bp.before_request
def only_programme() -> ResponseReturnValue | None:
    """For others these pages do not exist."""
    return let_in(care_policies.in_programme(viewer()))


@bp.get("")
@limited("search")
def index() -> ResponseReturnValue:
    """Everybody who opted in, with a light; a seller finds those who may be asked now."""
    given = {name: request.args.get(name, "") for name in ("name", "act", "relation", "organisation", "light")}
    acts = care_queries.open_acts()
    act = next((one for one in acts if one.key == given["act"]), None)
    wanted = lights.Wanted(act, given["relation"], given["organisation"], _light(given["light"]), given["name"])
    page = lights.advocates(viewer(), wanted, after=request.args.get("after"), before=request.args.get("before"))
    kept = {name: value for name, value in given.items() if value}
    return render_template(
        "asks/advocates.html", lines=shown.advocates(page.items, viewer().timezone),
        choices=tuple((one.key, one.name) for one in acts), given=given, **_neighbours(page, kept),
        everybody=care_policies.sees_everybody(viewer()), reasons=care_policies.sees_reasons(viewer()),
    )  # fmt: skip


@bp.get("/<public_id>")
def record(public_id: str) -> ResponseReturnValue:
    """One advocate's record, once it is said why one looks; the advocate sees who looked and why (P4)."""
    person = _person(public_id)
    if not _may_name(person):
        return render_template("asks/resting.html", sentence=policies.NEUTRAL)
    why = REASONS.get(request.args.get("why", ""))
    if why is None:
        return render_template("asks/why.html", person=person, reasons=REASONS)
    care.note_view(person.id, why, by=viewer())
    return _record(person)


@bp.post("/<public_id>/check-in")
def check_in(public_id: str) -> ResponseReturnValue:
    """Ask how they are."""
    person = _person(public_id)
    try:
        care.check_in(person, by=viewer())
        say(f"The check-in is on its way to {person.call_name}.")
    except Conflict as error:
        say(error.message, "warn")
    return redirect(url_for(".record", public_id=public_id, why="care"))


@bp.post("/<public_id>/flag")
def flag(public_id: str) -> ResponseReturnValue:
    """Pause them at once (A3)."""
    person, form = _person(public_id), FlagForm()
    if not _may_name(person):
        raise Missing("There is no such advocate.")
    if form.validate_on_submit() and form.attempt(
        lambda: care.raise_flag(person.id, form.reason.data or "", by=viewer())
    ):
        say(f"{person.call_name} is paused, with everything in flight. The flag has an owner.")
        return redirect(url_for(".index"))
    return _record(person, form), 422


def _person(public_id: str) -> Person:
    person = person_for(viewer(), public_id)
    if viewer().is_person(person.id):
        raise Missing("Your own record is on your advocate page.")
    return person


def _may_name(person: Person) -> bool:
    """A seller is told of those who are green, and of nobody else; all others look the same (A2)."""
    light = lights.overall(person.id)
    if care_policies.sees_everybody(viewer()):
        if light is None and care_queries.advocate(person.id) is None:
            raise Missing("There is no such advocate.")
        return True
    return light == policies.GREEN


def _record(person: Person, flag_form: FlagForm | None = None) -> str:
    at_hand = care_queries.consents_in_force(person.id)
    known, sees = lights.standing(person.id), care_policies.sees_reasons(viewer())
    green = lights.green_acts(person.id)
    why = {one.act.key: known.why_not(one.act) for one in at_hand} if known and sees else {}
    asks = queries.history(viewer(), person.id)
    items = shown.ledger_items(
        asks, url=lambda one: url_for("ask_desk.ask", public_id=one.public_id), for_advocate=False, reasons=sees
    )
    return render_template(
        "asks/record.html", person=person, light=_shown_light(lights.overall(person.id)), acts=at_hand, green=green,
        why=why, known=care_queries.advocate(person.id), standing=known, pauses=care_queries.pauses(person.id),
        flags=care_queries.open_flags(person.id) if sees else [], items=items, words=shown, sees=sees,
        everybody=care_policies.sees_everybody(viewer()), form=flag_form or FlagForm(formdata=None),
        waiting=care_queries.open_check_in(person.id),
    )  # fmt: skip


def _shown_light(light: str | None) -> str | None:
    """Paused is for the manager; for others it is resting (A2)."""
    return policies.RESTING if light == policies.PAUSED and not care_policies.sees_reasons(viewer()) else light


def _light(given: str) -> str:
    known = (policies.GREEN, policies.RESTING, policies.PAUSED)
    return given if given in (known if care_policies.sees_reasons(viewer()) else known[:2]) else ""


def _neighbours(page: Any, kept: dict[str, Any]) -> dict[str, str | None]:
    return {
        "older": url_for(".index", **kept, after=page.older) if page.older else None,
        "newer": url_for(".index", **kept, before=page.newer) if page.newer else None,
    }
