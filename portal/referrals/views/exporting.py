"""What the filters show as a file: written aside first, on record, then sent from disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, send_file

from portal.core import clock, exports
from portal.core.application import begin, reads_first
from portal.core.errors import Missing
from portal.core.web import viewer
from portal.referrals import actions, queries, shown
from portal.referrals.views import pipeline_bp
from portal.referrals.views.pipeline import asked, filters_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pipeline_bp.post("/export/<form>")
@reads_first
def export(form: str) -> ResponseReturnValue:
    """CSV or XLSX."""
    if form not in exports.WRITERS:
        raise Missing("There is no such kind of file.")
    who, filters = viewer(), filters_of(request.form)
    rows = (shown.export_row(row, who) for row in queries.every_row(who, filters))
    made = actions.take_out(form, shown.HEADER, rows, by=who)
    begin()
    actions.record_taking_out(form, made.rows, asked(filters), by=who)
    name = f"referrals-{clock.today():%Y-%m-%d}.{form}"
    return send_file(made.file, mimetype=made.mimetype, as_attachment=True, download_name=name)
