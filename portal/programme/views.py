"""The day on one page: everything late that one may see, or only what is one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for

from portal.advocates.door import let_in
from portal.core.web import viewer
from portal.programme import policies
from portal.programme.gathering import day_of, pieces

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("programme", __name__, url_prefix="/programme")


@bp.before_request
def only_who_has_a_day() -> ResponseReturnValue | None:
    """For everybody else there is no such page; who may asks again from time to time."""
    return let_in(policies.has_day(viewer()))


@bp.get("")
def day() -> ResponseReturnValue:
    """Everything overdue, oldest first, each with its owner and one next step."""
    show = "mine" if request.args.get("show") == "mine" else "all"
    day, timezone = day_of(viewer(), mine=show == "mine"), viewer().timezone
    return render_template(
        "programme/day.html", day=day, overdue=pieces(day.overdue, timezone), coming=pieces(day.coming, timezone), show=show,
        views=[
            {"label": label, "url": url_for(".day", show=key), "active": show == key}
            for key, label in (("all", "Everything you may see"), ("mine", "Only yours"))
        ],
    )  # fmt: skip
