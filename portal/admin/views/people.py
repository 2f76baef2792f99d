"""Everybody: find them, make a record and invite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.accounts.actions import invite
from portal.admin import words
from portal.admin.forms.people import NewPersonForm
from portal.admin.queries import people as queries
from portal.admin.views.neighbours import cursors, neighbours
from portal.careers.actions import record_relation
from portal.core.errors import Conflict, Invalid
from portal.core.limits import limited
from portal.core.web import say, viewer
from portal.organisations.actions import find_or_create
from portal.organisations.queries import host
from portal.people.actions import create_person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Person

bp = Blueprint("people", __name__, url_prefix="/people")
NAMES = ("q", "state", "role", "kind")


@bp.get("")
def index() -> ResponseReturnValue:
    """Everybody by name: members, those nobody has claimed, those who stepped back."""
    given = {name: request.args.get(name, "") for name in NAMES}
    page = queries.people(queries.Filters(**given), **cursors())
    return render_template(
        "admin/people.html",
        page=page,
        given=given,
        **neighbours(page, ".index", **given),
        words=words,
        states=queries.STATES,
    )


@bp.get("/suggest")
@limited("search")
def suggest() -> ResponseReturnValue:
    """Names that hold these letters, each with what tells two of one name apart, for fields where one names a person."""
    found = queries.suggest(request.args.get("q", ""))
    return [
        {"value": f"{each.face.name} ({each.face.public_id})", "label": each.face.name, "note": _told_apart(each)}
        for each in found
    ]


def _told_apart(record: queries.Record) -> str:
    newest = [words.relation(*each) for each in record.relations[:1]]
    return ", ".join([*newest, *([] if record.claimed_at else ["not here yet"])])


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A record for somebody, their relation, and maybe an invitation; namesakes are shown first (R17)."""
    form = NewPersonForm()
    alike = queries.namesakes(form.full_name.data or "") if form.is_submitted() else []
    if form.validate_on_submit() and (form.another.data or not alike):
        person = form.attempt(lambda: _create(form))
        if person is not None:
            say(f"{person.full_name} is here. {'The invitation is on its way.' if form.address.data else ''}".strip())
            return redirect(url_for("admin.person.index", public_id=person.public_id))
    status = 422 if form.is_submitted() else 200
    return render_template("admin/new_person.html", form=form, alike=alike, words=words), status


def _create(form: NewPersonForm) -> Person:
    person = create_person(form.full_name.data or "", form.call_name.data or "", by=viewer())
    record(person, form)
    if form.address.data:
        send_invitation(person, form.address.data)
    return person


def send_invitation(person: Person, address: str | None) -> None:
    """Invite somebody; that an address is taken is told beside its field."""
    try:
        invite(person, address or "", by=viewer())
    except Conflict as error:
        raise Invalid(error.message, "address") from None


def record(person: Person, form: Any) -> None:
    """Keep the relation that a form describes."""
    is_employee = form.kind.data == "employee"
    firm = host() if is_employee else find_or_create(form.organisation.data or "", by=viewer())
    told: dict[str, Any] = {name: form[name].data or "" for name in ("title", "department", "site")}
    dates = {"start": form.start.data, "end": form.end.data}
    record_relation(person, form.kind.data, firm, **told, **dates, verified_by="admin", by=viewer())
