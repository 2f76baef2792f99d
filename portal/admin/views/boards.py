"""Boards: sections, what a board is, who keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.admin.forms.boards import EditBoardForm, NewBoardForm
from portal.admin.forms.people import ChoosePersonForm, SectionForm
from portal.admin.queries import boards as counting
from portal.admin.queries.people import chosen
from portal.boards import actions, queries, shown
from portal.careers.audiences import audience_of, lines_of, segment_sizes
from portal.core.errors import Invalid, Missing
from portal.core.web import say, viewer
from portal.people.queries import any_person, group_names, groups

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.boards.models import Board, BoardSection
    from portal.people.models import Person

bp = Blueprint("boards", __name__, url_prefix="/boards")
WHAT = ("name", "purpose", "rules", "starters", "position")


@bp.get("")
def index() -> ResponseReturnValue:
    """All boards by section, with who reads them."""
    names = group_names()
    found = [(board, shown.audience_words(board.id, names)) for board in queries.all_boards()]
    return render_template(
        "admin/boards.html", boards=found, sections=queries.sections(), form=SectionForm(formdata=None)
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new board; who could read it is counted before it is made."""
    form, preview = NewBoardForm(), None
    form.offer(groups())
    form.offer_sections(queries.sections())
    if form.validate_on_submit():
        if request.form.get("act") != "preview" and (board := form.attempt(lambda: _create(form))):
            say(f"{board.name} is open to its audience.")
            return redirect(url_for(".board", public_id=board.public_id))
        preview = counting.readers([audience_of(line) for line in lines_of(form.boxes)])
    status = 422 if form.errors else 200
    return render_template("admin/new_board.html", form=form, preview=preview, sizes=segment_sizes()), status


@bp.route("/<public_id>", methods=["GET", "POST"])
def board(public_id: str) -> ResponseReturnValue:
    """What a board is."""
    found = queries.any_board(public_id)
    values = {name: getattr(found, name) for name in WHAT} | {
        "section": found.section_id,
        "archived": bool(found.archived_at),
    }
    form = EditBoardForm(data=values)
    form.offer_sections(queries.sections())
    if form.validate_on_submit() and form.succeeds(lambda: _edit(found, form)):
        say("Saved. It is in force at once.")
        return redirect(url_for(".board", public_id=public_id))
    return render_template(
        "admin/board.html", board=queries.any_board(public_id), form=form
    ), 422 if form.is_submitted() else 200


@bp.route("/<public_id>/moderators", methods=["GET", "POST"])
def moderators(public_id: str) -> ResponseReturnValue:
    """Who keeps a board, beside those who keep all."""
    found, form = queries.any_board(public_id), ChoosePersonForm()
    if form.validate_on_submit():
        person = form.attempt(lambda: _appoint(found, form))
        if person is not None:
            say(f"{person.full_name} keeps {found.name} now.")
            return redirect(url_for(".moderators", public_id=public_id))
    found = queries.any_board(public_id)
    keepers = queries.moderators_of(found.id)
    return render_template(
        "admin/moderators.html", board=found, form=form, keepers=keepers
    ), 422 if form.is_submitted() else 200


@bp.post("/<public_id>/moderators/<person_id>/dismiss")
def dismiss(public_id: str, person_id: str) -> ResponseReturnValue:
    """Somebody keeps a board no more."""
    found, person = queries.any_board(public_id), any_person(person_id)
    actions.dismiss(found, person, by=viewer())
    say(f"{person.full_name} no longer keeps {found.name}.")
    return redirect(url_for(".moderators", public_id=public_id))


@bp.post("/sections")
def new_section() -> ResponseReturnValue:
    """A new heading for boards."""
    form = SectionForm()
    if form.validate_on_submit() and form.attempt(
        lambda: actions.create_section(form.name.data or "", form.position.data or 0, by=viewer())
    ):
        say(f"The section {form.name.data} is there. It is shown once a board stands in it.")
        return redirect(url_for(".index"))
    return _section_page("New section", form)


@bp.route("/sections/<int:section_id>", methods=["GET", "POST"])
def section(section_id: int) -> ResponseReturnValue:
    """Rename a section, or move it."""
    found = _section(section_id)
    form = SectionForm(obj=found)
    if form.validate_on_submit() and form.succeeds(lambda: _edit_section(found, form)):
        say("Saved.")
        return redirect(url_for(".index"))
    return _section_page(f"Edit the section {found.name}", form)


@bp.post("/sections/<int:section_id>/remove")
def remove_section(section_id: int) -> ResponseReturnValue:
    """Take an empty section away."""
    actions.remove_section(_section(section_id), by=viewer())
    say("The section is gone.")
    return redirect(url_for(".index"))


@bp.get("/matrix")
def matrix() -> ResponseReturnValue:
    """All boards against all kinds of relation: who reads what."""
    names, boards = group_names(), queries.all_boards()
    others = {each.id: counting.beside_relations(each.id, names) for each in boards}
    return render_template(
        "admin/matrix.html", boards=boards, opens_to=counting.opens_to, others=others, sizes=segment_sizes()
    )


def _create(form: NewBoardForm) -> Board:
    lines = lines_of(form.boxes)
    if not lines:
        raise Invalid("Say who reads it: tick at least one box.", "segments")
    what = {name: form[name].data for name in WHAT}
    return actions.create_board(_section(form.section.data), **what, audiences=lines, by=viewer())


def _edit(found: Board, form: EditBoardForm) -> None:
    what: dict[str, Any] = {name: form[name].data for name in WHAT}
    actions.edit_board(found, **what, section=_section(form.section.data), archived=form.archived.data, by=viewer())


def _appoint(found: Board, form: ChoosePersonForm) -> Person:
    person = chosen(form.person.data or "")
    actions.appoint(found, person, by=viewer())
    return person


def _edit_section(found: BoardSection, form: SectionForm) -> None:
    actions.edit_section(found, name=form.name.data or "", position=form.position.data or 0, by=viewer())


def _section(section_id: int) -> BoardSection:
    found = next((each for each in queries.sections() if each.id == section_id), None)
    if found is None:
        raise Missing("There is no such section.")
    return found


def _section_page(title: str, form: SectionForm) -> ResponseReturnValue:
    crumbs = [{"label": "Boards", "url": url_for(".index")}]
    back = url_for(".index")
    shown_ = render_template(
        "admin/form.html", title=title, form=form, submit="Save", back=back, crumbs=crumbs, lead=""
    )
    return shown_, 422 if form.is_submitted() else 200
