"""An import is applied, taken back, dropped; its progress and its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, jsonify, redirect, render_template, request, stream_with_context, url_for

from portal.core import jobs as queue
from portal.core.web import say, viewer
from portal.imports import actions, queries, steps
from portal.imports.report import COUNTED, OUTCOMES, WORDS, as_csv
from portal.imports.views.files import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/<public_id>/apply")
def apply(public_id: str) -> ResponseReturnValue:
    """Do what was planned."""
    imported = queries.one(public_id)
    actions.begin_apply(imported, by=viewer())
    queue.enqueue(steps.apply, imported.id)
    return redirect(url_for(".one", public_id=public_id))


@bp.get("/<public_id>/undo")
def ask_undo(public_id: str) -> ResponseReturnValue:
    """What taking it back means."""
    return render_template("imports/undo.html", imported=queries.one(public_id), nouns=COUNTED)


@bp.post("/<public_id>/undo")
def undo(public_id: str) -> ResponseReturnValue:
    """Take it back whole."""
    imported = queries.one(public_id)
    actions.begin_undo(imported, by=viewer())
    queue.enqueue(steps.undo, imported.id)
    return redirect(url_for(".one", public_id=public_id))


@bp.post("/<public_id>/drop")
def drop(public_id: str) -> ResponseReturnValue:
    """Forget a file that was not applied."""
    imported = queries.one(public_id)
    actions.drop(imported, by=viewer())
    say(f"{imported.name} is forgotten. Nothing was changed.")
    return redirect(url_for(".index"))


@bp.get("/<public_id>/progress")
def progress(public_id: str) -> ResponseReturnValue:
    """How far the work is, for the bar on the page."""
    imported = queries.one(public_id)
    answer = {"value": imported.percent, "top": 100, "words": f"{WORDS[imported.state]}, {imported.percent} %"}
    return jsonify(answer if imported.is_busy else answer | {"url": url_for(".one", public_id=public_id)})


@bp.get("/<public_id>/report.csv")
def report(public_id: str) -> ResponseReturnValue:
    """What becomes of each row, for a spreadsheet that computes none of it."""
    imported, outcome = queries.one(public_id), request.args.get("outcome", "")
    lines = as_csv(imported.id, outcome if outcome in OUTCOMES else "")
    name = f"import-{imported.public_id}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream_with_context(lines), content_type="text/csv; charset=utf-8", headers=headers)
