"""Is it still right? Behind the mailed link: looking changes nothing, the button answers, nobody is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template

from portal.careers.forms import MoveForm
from portal.careers.queries import blockers_of, consequences, current_positions
from portal.core import clock
from portal.core.access import viewer_of
from portal.core.web import public
from portal.people.queries import person_by_id
from portal.rights import actions, queries
from portal.rights.views.exporting import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.careers.models import Position
    from portal.rights.models import YearlyQuestion


@bp.get("/still-right/<token>")
@public
def still_right(token: str) -> ResponseReturnValue:
    """What stands there, and two buttons."""
    row = queries.question(token)
    person = person_by_id(row.person_id)
    return render_template(
        "rights/still_right.html", person=person, positions=current_positions(person.id), token=token
    )


@bp.post("/still-right/<token>")
@public
def answer_right(token: str) -> ResponseReturnValue:
    """It is."""
    row = queries.question(token)
    actions.answer_right(row, by=viewer_of(row.person_id))
    return render_template("rights/answered.html", move=None)


@bp.route("/still-right/<token>/moved", methods=["GET", "POST"])
@public
def moved_since(token: str) -> ResponseReturnValue:
    """It is not: the same questions as on *I have moved*, with what follows shown before."""
    row = queries.question(token)
    positions, form = current_positions(row.person_id), MoveForm()
    form.offer(positions)
    move = form.attempt(lambda: _move(row, form, positions)) if form.validate_on_submit() else None
    if move is not None:
        return render_template("rights/answered.html", move=move)
    leaving = [
        {"position": each, "consequences": consequences(each), "blockers": blockers_of(each)}
        for each in current_positions(row.person_id)
    ]
    return render_template("rights/moved_since.html", form=form, leaving=leaving), 422 if form.is_submitted() else 200


def _move(row: YearlyQuestion, form: MoveForm, positions: list[Position]) -> Any:
    return actions.answer_moved(
        row, left=form.leaves(positions), moved_on=form.moved_on.data or clock.today(), wishes=form.wishes.data or (),
        **form.place, by=viewer_of(row.person_id),
    )  # fmt: skip
