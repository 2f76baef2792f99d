"""Who is remembered: proposed, confirmed, undone; and the page on which a family writes to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from portal.accounts.fresh import ask_again
from portal.core import settings
from portal.core.db import db
from portal.core.errors import Missing
from portal.core.limits import limited
from portal.core.web import public, say, viewer
from portal.memorials import actions, policies, queries
from portal.memorials.forms import FamilyForm, MemorialForm
from portal.people.queries import any_person, person_for

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Person

bp = Blueprint("memorials", __name__)
TOLD = "Thank you for writing. Somebody reads it and answers you by mail."


@bp.before_request
def only_who_tends() -> ResponseReturnValue | None:
    """But for the family's page; it asks again from time to time who is there."""
    if request.endpoint == "memorials.family":
        return None
    if not policies.can_tend(viewer()):
        raise Missing("There is no such page, or it is not for you.")
    return ask_again(settings.get("admin_minutes"))


@bp.route("/remembered", methods=["GET", "POST"])
@public
@limited("family")
def family() -> ResponseReturnValue:
    """For families: ask us to take a page away, or to change it."""
    form = FamilyForm()
    if form.validate_on_submit() and form.address.box is not None:
        words = (form.about.data or "", form.sender.data or "", form.address.box.address, form.words.data or "")
        actions.ask_as_family(*words, by=viewer())
        say(TOLD)
        return redirect(url_for(".family"))
    return render_template("memorials/family.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/memorials")
def index() -> ResponseReturnValue:
    """What waits for a second word, who is remembered, and what families ask."""
    found = queries.open_ones()
    may = {row.id for row in found if policies.can_confirm(viewer(), row)}
    return render_template("memorials/index.html", memorials=found, may=may, requests=queries.requests())


@bp.route("/memorials/of/<public_id>", methods=["GET", "POST"])
def propose(public_id: str) -> ResponseReturnValue:
    """Say that a member died, and how we know: of members whom one can meet."""
    return _propose(person_for(viewer(), public_id))


@bp.route("/admin/memorials/of/<public_id>", methods=["GET", "POST"])
def propose_any(public_id: str) -> ResponseReturnValue:
    """The same of anybody in the back office, those who have not claimed their record too."""
    if not viewer().has_role("admin"):
        raise Missing("There is no such page, or it is not for you.")
    return _propose(any_person(public_id))


def _propose(person: Person) -> ResponseReturnValue:
    form = MemorialForm()
    if form.validate_on_submit() and form.succeeds(
        lambda: actions.propose(person, form.proof.data or "", form.page.data or "kept", by=viewer())
    ):
        say("It is noted. As soon as somebody else confirms it, the account is silent.")
        return redirect(url_for(".index"))
    db.session.refresh(person)
    page = render_template("memorials/propose.html", form=form, person=person)
    return page, 422 if form.is_submitted() else 200


@bp.post("/memorials/<public_id>/confirm")
def confirm(public_id: str) -> ResponseReturnValue:
    """The second word."""
    actions.confirm(queries.memorial(public_id), by=viewer())
    say("Confirmed. Nothing is mailed to this account any more.")
    return redirect(url_for(".index"))


@bp.post("/memorials/<public_id>/end")
def end(public_id: str) -> ResponseReturnValue:
    """It was a mistake."""
    actions.end(queries.memorial(public_id), by=viewer())
    say("Undone: the account is as it was.")
    return redirect(url_for(".index"))


@bp.post("/memorials/<public_id>/page")
def show_page(public_id: str) -> ResponseReturnValue:
    """Keep the page, or hide it, as the family wishes."""
    page = "hidden" if request.form.get("page") == "hidden" else "kept"
    actions.show_page(queries.memorial(public_id), page, by=viewer())
    say("The page is hidden." if page == "hidden" else "The page is kept.")
    return redirect(url_for(".index"))


@bp.post("/memorials/requests/<public_id>/done")
def answered(public_id: str) -> ResponseReturnValue:
    """Somebody has answered the family."""
    actions.answer_family(queries.request(public_id), by=viewer())
    say("Done. What the family wrote is not kept.")
    return redirect(url_for(".index"))
