"""Groups: made, named, filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from portal.admin.forms.people import ChoosePersonForm, GroupForm
from portal.admin.queries import groups as queries
from portal.admin.queries.people import chosen
from portal.core.errors import Invalid
from portal.core.web import say, viewer
from portal.people import actions
from portal.people.queries import any_person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Group, Person

bp = Blueprint("groups", __name__, url_prefix="/groups")


@bp.get("")
def index() -> ResponseReturnValue:
    """All groups."""
    return render_template("admin/groups.html", groups=queries.groups())


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new group."""
    form = GroupForm()
    if form.validate_on_submit():
        group = form.attempt(lambda: actions.create_group(form.name.data or "", form.purpose.data or "", by=viewer()))
        if group is not None:
            return redirect(url_for(".group", public_id=group.public_id))
    return _form("New group", form, "Make the group", url_for(".index"))


@bp.get("/<public_id>")
def group(public_id: str) -> ResponseReturnValue:
    """A group, who is in it and what it opens."""
    return _page(queries.group(public_id), ChoosePersonForm(formdata=None))


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> ResponseReturnValue:
    """Name it anew."""
    found = queries.group(public_id)
    form = GroupForm(obj=found)
    if form.validate_on_submit() and form.succeeds(lambda: _edit(found, form)):
        say("Saved.")
        return redirect(url_for(".group", public_id=public_id))
    return _form(f"Edit {found.name}", form, "Save", url_for(".group", public_id=public_id))


@bp.post("/<public_id>/members")
def add(public_id: str) -> ResponseReturnValue:
    """Put somebody in."""
    found, form = queries.group(public_id), ChoosePersonForm()
    person = form.attempt(lambda: _join(found, form)) if form.validate_on_submit() else None
    if person is None:
        return _page(queries.group(public_id), form), 422
    say(f"{person.full_name} is in {found.name} now.")
    return redirect(url_for(".group", public_id=public_id))


@bp.post("/<public_id>/members/<person_id>/remove")
def remove(public_id: str, person_id: str) -> ResponseReturnValue:
    """Take somebody out."""
    found, person = queries.group(public_id), any_person(person_id)
    actions.leave_group(found, person, by=viewer())
    say(f"{person.full_name} is no longer in {found.name}.")
    return redirect(url_for(".group", public_id=public_id))


def _join(found: Group, form: ChoosePersonForm) -> Person:
    person = chosen(form.person.data or "")
    if person.is_system:
        raise Invalid("Choose a person.", "person")
    actions.join_group(found, person, by=viewer())
    return person


def _edit(found: Group, form: GroupForm) -> None:
    actions.edit_group(found, form.name.data or "", form.purpose.data or "", by=viewer())


def _page(found: Group, form: ChoosePersonForm) -> str:
    page = queries.members(found, after=request.args.get("after"), before=request.args.get("before"))
    return render_template("admin/group.html", group=found, page=page, boards=queries.boards_of(found), form=form)


def _form(title: str, form: GroupForm, submit: str, back: str) -> ResponseReturnValue:
    crumbs = [{"label": "Groups", "url": url_for(".index")}]
    shown = render_template("admin/form.html", title=title, form=form, submit=submit, back=back, crumbs=crumbs, lead="")
    return shown, 422 if form.is_submitted() else 200
