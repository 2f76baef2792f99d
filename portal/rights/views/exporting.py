"""A copy of everything: asked for, watched, downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, redirect, render_template, send_file, url_for

from portal.accounts.fresh import fresh
from portal.core import clock, jobs
from portal.core.files import storage
from portal.core.limits import limited
from portal.core.web import me_id, say, viewer
from portal.rights import actions, policies, queries
from portal.rights.making import TYPE, forget_file, make_export

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("rights", __name__)


@bp.get("/settings/your-data/export")
def export() -> ResponseReturnValue:
    """What is in it, and the copies there are."""
    copies = queries.exports_of(me_id())
    stuck = [row.id for row in copies if _is_stuck(row.job_id)]
    return render_template("rights/export.html", copies=copies, stuck=stuck, calm=policies.calm(viewer()))


@bp.post("/settings/your-data/export")
@fresh
@limited("own_export")
def do_export() -> ResponseReturnValue:
    """Let the worker make a copy."""
    row, is_new = actions.ask_for_export(me_id(), by=viewer())
    if is_new or _is_stuck(row.job_id):
        row.job_id = jobs.enqueue(make_export, row.id)
    return redirect(url_for(".export"))


@bp.get("/settings/your-data/export/<public_id>/progress")
def export_progress(public_id: str) -> ResponseReturnValue:
    """How far the copy is, for the bar on the page."""
    row = queries.own_export(me_id(), public_id)
    if row.state != "making" or _is_stuck(row.job_id):
        return jsonify({"value": 100, "top": 100, "words": "", "url": url_for(".export")})
    value = jobs.progress_of(row.job_id)[1] if row.job_id else None
    return jsonify({"value": value, "top": 100, "words": f"{value} %" if value else "waiting for its turn"})


@bp.get("/settings/your-data/export/<public_id>.zip")
@fresh
def download(public_id: str) -> ResponseReturnValue:
    """The file, for its person alone, who has just shown who they are."""
    row = queries.own_export(me_id(), public_id)
    file = storage().open(actions.take_export(row, by=viewer()))
    answer = send_file(file, mimetype=TYPE, as_attachment=True, download_name=f"your-data-{clock.today()}.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/settings/your-data/export/<public_id>/drop")
def drop(public_id: str) -> ResponseReturnValue:
    """The person has it, and wants it gone here."""
    key = actions.drop_export(queries.own_export(me_id(), public_id), by=viewer())
    if key:
        jobs.enqueue(forget_file, key)
    say("The copy is deleted here.")
    return redirect(url_for(".export"))


def _is_stuck(job_id: int | None) -> bool:
    """Whether the work was given up, so that it can be asked for again."""
    return job_id is not None and jobs.progress_of(job_id)[0] == "failed"
