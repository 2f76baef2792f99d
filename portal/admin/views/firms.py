"""What happened to firms, and two records of one firm made one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.admin.forms.people import HistoryForm, MergeForm
from portal.core.errors import Conflict, Invalid
from portal.core.web import say, viewer
from portal.organisations import history, merging, queries

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.organisations.models import Organisation

bp = Blueprint("firms", __name__, url_prefix="/organisations")
# How the preview calls what would move; the rest is told together.
MOVED = {
    "position": ("entry of a career", "entries of careers"), "relation": ("relation", "relations"),
    "assignment": ("firm worked with", "firms worked with"), "organisation_alias": ("other name", "other names"),
    "organisation_domain": ("mail domain", "mail domains"), "organisation": ("firm below it", "firms below it"),
    "organisation_event": ("entry of its history", "entries of its history"),
}  # fmt: skip


@bp.route("/<public_id>/history", methods=["GET", "POST"])
def add_event(public_id: str) -> ResponseReturnValue:
    """Renamed, bought, become one with another: kept with its date."""
    found, form = queries.organisation(public_id), HistoryForm()
    if form.validate_on_submit() and form.succeeds(lambda: _record(found, form)):
        say("Kept.")
        return redirect(url_for("admin.organisations.organisation", public_id=public_id))
    page = render_template("admin/history.html", form=form, organisation=queries.organisation(public_id))
    return page, 422 if form.is_submitted() else 200


@bp.post("/<public_id>/history/<int:event_id>/remove")
def remove_event(public_id: str, event_id: int) -> ResponseReturnValue:
    """It did not happen."""
    history.remove_event(queries.organisation(public_id), event_id, by=viewer())
    say("Taken out of its history.")
    return redirect(url_for("admin.organisations.organisation", public_id=public_id))


@bp.get("/<public_id>/merge")
def choose(public_id: str) -> ResponseReturnValue:
    """Which record goes, and what that would move."""
    kept, form = queries.organisation(public_id), MergeForm(request.args, meta={"csrf": False})
    gone = queries.by_name(form.other.data) if form.other.data else None
    shown: dict[str, Any] = {"organisation": kept, "gone": gone, "form": form, "moved": []}
    if form.other.data:
        try:
            if gone is None:
                raise Invalid("There is no firm of this name.", "other")
            shown["moved"] = _in_words(merging.preview(gone, kept, by=viewer()))
        except (Invalid, Conflict) as error:
            form.other.errors = [error.message]
            shown["gone"] = None
    return render_template("admin/merge_firms.html", **shown), 422 if form.other.errors else 200


@bp.post("/<public_id>/merge/<other_id>")
def merge(public_id: str, other_id: str) -> ResponseReturnValue:
    """Make two records one."""
    gone, kept = queries.organisation(other_id), queries.organisation(public_id)
    merging.merge_organisations(gone, kept, by=viewer())
    say(f"{gone.name} is {kept.name} now. You can undo this for 30 days.")
    return redirect(url_for("admin.organisations.organisation", public_id=public_id))


@bp.post("/merges/<public_id>/undo")
def undo(public_id: str) -> ResponseReturnValue:
    """Take them apart again."""
    found = queries.merge(public_id)
    gone = queries.by_id(found.gone_id)
    merging.undo_merge(found, by=viewer())
    say(f"{gone.name} is a firm of its own again.")
    return redirect(url_for("admin.organisations.organisation", public_id=gone.public_id))


def _record(found: Organisation, form: HistoryForm) -> None:
    try:
        history.record_event(found, form.kind.data, form.other.data or "", form.happened.data, by=viewer())
    except Conflict as error:
        raise Invalid(error.message, "other") from None


def _in_words(counted: dict[str, int]) -> list[str]:
    rest = sum(count for name, count in counted.items() if name not in MOVED)
    told = [f"{count:,} {MOVED[name][count != 1]}" for name, count in counted.items() if name in MOVED]
    return told + ([f"{rest:,} more"] if rest else [])
