"""The audit trail: search it, and see what changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request

from portal.admin.queries import audit as queries
from portal.admin.views.neighbours import cursors, neighbours
from portal.core.audit import values_of
from portal.core.partial_dates import EARLIEST, LATEST

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("audit", __name__, url_prefix="/audit")
NAMES = ("verb", "person", "thing", "first", "last")


@bp.get("")
def index() -> ResponseReturnValue:
    """What was done, the newest first."""
    given = {name: request.args.get(name, "").strip() for name in NAMES}
    wanted = queries.Wanted(given["verb"], given["person"], given["thing"], _day(given["first"]), _day(given["last"]))
    page = queries.deeds(wanted, **cursors())
    return render_template("admin/audit.html", page=page, given=given, **neighbours(page, ".index", **given))


@bp.get("/<int:audit_id>")
def deed(audit_id: int) -> ResponseReturnValue:
    """One deed, with the values before and after, as long as the person's key exists."""
    found, values = queries.deed(audit_id), values_of(audit_id)
    return render_template("admin/deed.html", deed=found, changes=_changes(values) if values else None)


def _changes(values: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    before, after = values.get("before") or {}, values.get("after") or {}
    return [(name, before.get(name, ""), after.get(name, "")) for name in before | after]


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found and EARLIEST <= found.year <= LATEST else None
