"""One's own career, and "I have moved"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.careers import actions, queries
from portal.careers.forms import AssignmentForm, EntryForm, MoveForm, PositionForm
from portal.core import clock
from portal.core.limits import limited
from portal.core.web import me_id, say, viewer
from portal.people.queries import person_by_id

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.careers.models import Assignment, Position
    from portal.core.forms import PortalForm

bp = Blueprint("careers", __name__)
CONFIRM_AGAIN = " If an address from there has stopped signing you in, confirm it again under Addresses."


@bp.get("/settings/career")
def career() -> ResponseReturnValue:
    """One's own career, to add to and change."""
    return render_template("careers/career.html", positions=queries.positions_of(me_id()))


@bp.route("/settings/career/add", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """Add an entry."""
    form = PositionForm()
    if form.validate_on_submit() and form.attempt(lambda: _add(form)):
        say("Added to your career.")
        return redirect(url_for(".career"))
    return _form("careers/add.html", form)


@bp.route("/settings/career/<public_id>", methods=["GET", "POST"])
def edit(public_id: str) -> ResponseReturnValue:
    """Change an entry; the one at the host keeps the host's firm and dates."""
    position = queries.own_position(me_id(), public_id)
    form = (EntryForm if position.relation_id else PositionForm)(data=_values(position))
    if form.validate_on_submit() and form.attempt(lambda: _edit(position, form)):
        say("Saved.")
        return redirect(url_for(".career"))
    position = queries.own_position(me_id(), public_id)
    return _form("careers/edit.html", form, position=position, assignments=queries.assignments_of([position.id]))


@bp.route("/settings/career/<public_id>/worked-with", methods=["GET", "POST"])
def worked_with(public_id: str) -> ResponseReturnValue:
    """A firm that one worked with from a position."""
    position = queries.own_position(me_id(), public_id)
    form = AssignmentForm()
    if form.validate_on_submit() and form.attempt(lambda: _add_assignment(position, form)):
        say("Added. People who were there at the time can find you by it.")
        return redirect(url_for(".edit", public_id=public_id))
    return _form("careers/worked_with.html", form, position=queries.own_position(me_id(), public_id))


@bp.post("/settings/career/worked-with/<public_id>/remove")
def remove_worked_with(public_id: str) -> ResponseReturnValue:
    """Take it out again."""
    found = queries.own_assignment(me_id(), public_id)
    name, entry = found.organisation.name, found.position.public_id
    actions.remove_assignment(found, by=viewer())
    say(f"{name} no longer stands under this entry.")
    return redirect(url_for(".edit", public_id=entry))


@bp.route("/settings/career/<public_id>/remove", methods=["GET", "POST"])
def remove(public_id: str) -> ResponseReturnValue:
    """Take an entry out, after a question."""
    position = queries.own_position(me_id(), public_id)
    if request.method == "GET":
        return render_template("careers/remove.html", position=position)
    name = position.organisation.name
    actions.remove_position(position, by=viewer())
    say(f"{name} is no longer part of your career here.")
    return redirect(url_for(".career"))


@bp.route("/moved", methods=["GET", "POST"])
def moved() -> ResponseReturnValue:
    """I have moved: what ends, what begins, and what will follow from it."""
    positions = queries.current_positions(me_id())
    form = MoveForm()
    form.offer(positions)
    if form.validate_on_submit():
        move = form.attempt(lambda: _move(form, positions))
        if move is not None:
            return redirect(url_for(".move", public_id=move.public_id))
    return _form("careers/moved.html", form, leaving=[_leaving(each) for each in queries.current_positions(me_id())])


@bp.get("/moved/<public_id>")
def move(public_id: str) -> ResponseReturnValue:
    """What was noted, and how to take it back."""
    return render_template("careers/move.html", move=queries.own_move(me_id(), public_id))


@bp.post("/moved/<public_id>/undo")
def undo(public_id: str) -> ResponseReturnValue:
    """Take a move back."""
    move = queries.own_move(me_id(), public_id)
    had_left = move.left is not None and move.has_come
    actions.undo_move(move, by=viewer())
    say("Taken back: your career is as it was before." + (CONFIRM_AGAIN if had_left else ""))
    return redirect(url_for(".career"))


@bp.get("/organisations/suggest")
@limited("search")
def suggest_organisation() -> ResponseReturnValue:
    """Names that go on like this, for the fields where one names a firm."""
    found = queries.suggest_organisations(request.args.get("q", ""))
    return [{"value": firm.name, "label": firm.name, "note": firm.industry} for firm in found]


def _form(template: str, form: PortalForm, **shown: Any) -> ResponseReturnValue:
    return render_template(template, form=form, today=clock.today(), **shown), 422 if form.is_submitted() else 200


def _add(form: PositionForm) -> Position:
    return actions.add_position(person_by_id(me_id()), form.organisation.data or "", **_entry(form), by=viewer())


def _add_assignment(position: Position, form: AssignmentForm) -> Assignment:
    given = {name: form[name].data for name in ("what", "start", "end")}
    return actions.add_assignment(position, form.organisation.data or "", **given, by=viewer())


def _edit(position: Position, form: EntryForm | PositionForm) -> Position:
    firm = {"organisation": form.organisation.data} if isinstance(form, PositionForm) else {}
    return actions.edit_position(position, **firm, **_entry(form), by=viewer())


def _values(position: Position) -> dict[str, Any]:
    names = ("title", "department", "site", "audience", "start", "end")
    return {name: getattr(position, name) for name in names} | {"organisation": position.organisation.name}


def _entry(form: EntryForm | PositionForm) -> dict[str, Any]:
    names = ("title", "department", "site", "audience", "start", "end")
    return {name: form[name].data for name in names if name in form}


def _move(form: MoveForm, positions: list[Position]) -> Any:
    day = form.moved_on.data or clock.today()
    me = person_by_id(me_id())
    return actions.declare_move(me, left=form.leaves(positions), moved_on=day, wishes=form.wishes.data or (), **form.place,
                                by=viewer())  # fmt: skip


def _leaving(position: Position) -> dict[str, Any]:
    return {
        "position": position,
        "consequences": queries.consequences(position),
        "blockers": queries.blockers_of(position),
    }
