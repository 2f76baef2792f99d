"""The pipeline: stages as columns, and the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for

from portal.advocates.door import let_in
from portal.core.pages import Page
from portal.core.web import viewer
from portal.referrals import money, policies, queries, shown
from portal.referrals.queries import Filters
from portal.referrals.stages import KIND_WORDS, STAGES
from portal.referrals.views import pipeline_bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.datastructures import MultiDict


@pipeline_bp.before_request
def only_who_works_here() -> ResponseReturnValue | None:
    """For everybody else there are no such pages; who may asks again from time to time."""
    return let_in(policies.reads_pipeline(viewer()))


@pipeline_bp.get("")
def board() -> ResponseReturnValue:
    """One kind's stages beside each other."""
    filters = filters_of(request.args)
    kind = filters.kind or "lead"
    who = viewer()
    found = queries.columns(who, kind, filters)
    stages = [{"stage": stage, "lines": shown.pieces(found.get(stage.key, []), who)} for stage in STAGES[kind]]
    heads = _heads(kind, filters)
    all_url = url_for(".table", **asked(filters, kind=kind, stage=""))
    return render_template(
        "pipeline/board.html", stages=stages, heads=heads, all_url=all_url, **_frame(filters, kind, "board")
    )


@pipeline_bp.get("/table")
def table() -> ResponseReturnValue:
    """The same, line by line."""
    filters = filters_of(request.args)
    who = viewer()
    page = queries.table(who, filters, request.args.get("after"), request.args.get("before"))
    lines = Page(shown.pieces(page.items, who), page.older, page.newer)
    return render_template("pipeline/table.html", page=lines, **_frame(filters, filters.kind, "table"))


def filters_of(given: MultiDict[str, str]) -> Filters:
    """What is asked for, by an address or a form; what nobody knows is left out."""
    kind = given.get("kind", "")
    return Filters(
        kind if kind in STAGES else "", given.get("stage", "")[:12], given.get("owner", "")[:10],
        given.get("overdue") == "1", given.get("q", "").strip()[:100],
    )  # fmt: skip


def asked(filters: Filters, **other: Any) -> dict[str, Any]:
    """The same filters as parts of an address."""
    given = {"kind": filters.kind, "stage": filters.stage, "owner": filters.owner, "q": filters.q,
             "overdue": "1" if filters.overdue else ""} | other  # fmt: skip
    return {name: value for name, value in given.items() if value}


def _heads(kind: str, filters: Filters) -> dict[str, dict[str, Any]]:
    """How many stand in each stage, and what they are worth, one line a currency.

    The exact totals are of everything; where only a part is asked for, or may be seen, it is counted up to "99+".
    """
    if filters.narrows or not viewer().has_role("manager", "staff", "admin"):
        return {stage: {"n": n, "worth": []} for stage, n in queries.counts(viewer(), kind, filters).items()}
    return {
        stage: {
            "n": sum(n for _, n, _ in lines),
            "exact": True,
            "worth": [money.shown(amount, currency) for currency, _, amount in lines if currency],
        }
        for stage, lines in queries.totals(kind).items()
    }


def _frame(filters: Filters, kind: str, view: str) -> dict[str, Any]:
    owners = (("", "Anybody"), ("me", "Me"), ("nobody", "Nobody yet"), *map(tuple, queries.owners()))
    return {
        "filters": filters,
        "kind": kind,
        "view": view,
        "asked": lambda **other: asked(filters, **other),
        "kinds": [(key, f"{word}s") for key, word in KIND_WORDS.items()],
        "owners": owners,
        "here": url_for(f".{view}", **asked(filters)),
        "may_export": policies.can_export(viewer()),
    }
