"""The people pages and the organisations' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for

from portal.core import clock, limits
from portal.core.fragments import Later
from portal.core.pages import Page
from portal.core.partial_dates import EARLIEST
from portal.core.search_words import TOO_SHORT, says_enough
from portal.core.web import me_id, say, viewer
from portal.directory import facets, queries, saving
from portal.directory.forms import SaveForm
from portal.directory.queries import Filters
from portal.organisations.queries import merged_into

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.organisations.models import Organisation

bp = Blueprint("directory", __name__)
SUGGESTED = 8


@bp.get("/people")
def people() -> ResponseReturnValue:
    """Who worked with me; or everybody, searched and filtered."""
    wanted = Filters.of(request.args)
    if wanted.given:
        return _found(wanted)
    return _everybody(**_cursor()) if request.args.get("show") == "everybody" else _worked_with_me()


def _worked_with_me() -> ResponseReturnValue:
    page = queries.coworkers_page(viewer(), after=request.args.get("after"))
    if not page.items:
        return _everybody()
    return _people_page("worked", page, Filters(), older=page.older and url_for(".people", after=page.older))


def _everybody(**cursor: str | None) -> ResponseReturnValue:
    page = queries.people_page(viewer(), Filters(), **cursor)
    return _people_page("everybody", page, Filters(), 0, **_neighbours(page, show="everybody"))


def _found(wanted: Filters) -> ResponseReturnValue:
    if not wanted.q:
        page, similar, at_least = queries.people_page(viewer(), wanted, **_cursor()), [], 0
    elif not says_enough(wanted.q):
        return _people_page("everybody", Page([]), wanted, too_short=TOO_SHORT)
    else:
        limits.hit("search", str(me_id()))
        page, at_least = queries.search_page(viewer(), wanted, after=request.args.get("after"))
        few = not page.older and len(page.items) < queries.FEW and "after" not in request.args
        similar = queries.similar_names(viewer(), wanted, page.items) if few else []
    around = _neighbours(page, **wanted.given)
    return _people_page("everybody", page, wanted, at_least, similar=similar, **around)


def _people_page(active: str, page: Any, wanted: Filters, at_least: int = 0, **more: Any) -> ResponseReturnValue:
    counted = queries.NOTHING if "too_short" in more else queries.counts(viewer(), wanted, at_least=at_least)
    return render_template(
        "directory/people.html", page=page, wanted=wanted, active=active, me=me_id(),
        groups=Later(lambda: facets.groups(wanted, counted)), facets_key=(wanted, counted),
        chips=facets.chips(wanted), **more,
    )  # fmt: skip


@bp.get("/people/saved")
def saved() -> ResponseReturnValue:
    """The searches that the member keeps."""
    searches = [(each, facets.chips(queries.filters_of(each))) for each in queries.saved_searches(viewer())]
    return render_template("directory/saved.html", searches=searches)


@bp.route("/people/saved/new", methods=["GET", "POST"])
def save() -> ResponseReturnValue:
    """Keep a search, under a name."""
    wanted = Filters.of(request.args)
    form = SaveForm(data={"name": facets.in_words(wanted)})
    if form.validate_on_submit() and form.attempt(
        lambda: saving.save_search(wanted, form.name.data or "", by=viewer())
    ):
        say("Kept. Your weekly letter tells who is new in it.")
        return redirect(url_for(".saved"))
    page = render_template("directory/save.html", form=form, wanted=wanted, chips=facets.chips(wanted))
    return page, 422 if form.is_submitted() else 200


@bp.post("/people/saved/<public_id>/remove")
def remove_saved(public_id: str) -> ResponseReturnValue:
    """Keep a search no more."""
    found = queries.own_search(viewer(), public_id)
    saving.remove_search(found, by=viewer())
    say(f"“{found.name}” is kept no more.")
    return redirect(url_for(".saved"))


@bp.get("/people/suggest")
def suggest() -> ResponseReturnValue:
    """People whose names begin like this, for mentions."""
    query = " ".join(request.args.get("q", "").split())[:60]
    found = queries.suggestions(viewer(), query, SUGGESTED) if says_enough(query) else []
    return jsonify([
        {"name": card.name, "public_id": card.public_id, "headline": card.headline or card.now, "label": card.name,
         "value": card.name, "note": card.headline or card.now}
        for card in found
    ])  # fmt: skip


@bp.get("/organisations")
def organisations() -> ResponseReturnValue:
    """The organisations where the viewer can meet somebody."""
    query = " ".join(request.args.get("q", "").split())[:100]
    page = queries.organisations_page(viewer(), query, **_cursor())
    more = _neighbours(page, ".organisations", **({"q": query} if query else {}))
    return render_template("directory/organisations.html", page=page, query_text=query, **more)


@bp.get("/organisations/<public_id>")
def organisation(public_id: str) -> ResponseReturnValue:
    """Our alumni there: now, once, or in a year; the address of a record that was merged leads to the one that stayed."""
    if (into := merged_into(public_id)) is not None:
        queries.organisation_for(viewer(), into)
        asked: dict[str, Any] = request.args.to_dict()
        return redirect(url_for(".organisation", **asked | {"public_id": into}), 301)
    firm = queries.organisation_for(viewer(), public_id)
    show, year = "once" if request.args.get("show") == "once" else "now", _year()
    page = _alumni(firm, year, show)
    parent, below = queries.related(viewer(), firm)
    neighbours = _neighbours(page, ".organisation", public_id=public_id, **({"year": year} if year else {"show": show}))
    return render_template(
        "directory/organisation.html", firm=firm, page=page, parent=parent, below=below, year=year, show=show,
        me=me_id(), told=facets.told(queries.told_of(viewer(), firm)), **neighbours,
    )  # fmt: skip


def _alumni(firm: Organisation, year: int | None, show: str) -> Any:
    if year:
        return queries.people_in_year(viewer(), firm, year, **_cursor())
    return (queries.people_once if show == "once" else queries.people_now)(viewer(), firm, **_cursor())


def _year() -> int | None:
    year = request.args.get("year", type=int)
    return year if year and EARLIEST <= year <= clock.today().year else None


def _cursor() -> dict[str, str | None]:
    return {"after": request.args.get("after"), "before": request.args.get("before")}


def _neighbours(page: Any, endpoint: str = ".people", **where: Any) -> dict[str, str | None]:
    return {
        "older": url_for(endpoint, after=page.older, **where) if page.older else None,
        "newer": url_for(endpoint, before=page.newer, **where) if page.newer else None,
    }
