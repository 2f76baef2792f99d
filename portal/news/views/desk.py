"""The desk: what is being written, what waits for its time, what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from portal.boards.actions import save_draft as save_elsewhere
from portal.boards.queries import draft as draft_elsewhere
from portal.careers.audiences import audience_of, segment_sizes
from portal.core.application import begin, reads_first
from portal.core.errors import Conflict, Invalid
from portal.core.web import say, viewer
from portal.news import actions, queries, quiet, recipients, shown
from portal.news.cooking import cook
from portal.news.forms import DraftForm
from portal.news.views import desk_bp as bp
from portal.people.queries import group_names, groups

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.news.models import NewsItem

TABS = (("draft", "Drafts"), ("scheduled", "Scheduled"), ("published", "Published"))


@bp.get("")
def index() -> ResponseReturnValue:
    """Everything that the host has written or is writing, by where it stands."""
    state = request.args.get("state", "draft")
    page = queries.on_desk(state, after=request.args.get("after"), before=request.args.get("before"))
    names, counted = group_names(), queries.counts()
    tabs = [
        {
            "label": label,
            "url": url_for(".index", state=key),
            "active": key == state,
            "count": counted.get(key) if key != "published" else None,
        }
        for key, label in TABS
    ]
    lines = [(row, shown.draft_audience(row, names)) for row in page.items]
    return render_template("news/desk.html", page=page, lines=lines, tabs=tabs, state=state, quiet=quiet.reason())


@bp.post("")
def begin_item() -> ResponseReturnValue:
    """Begin a news item."""
    return redirect(url_for(".edit", public_id=actions.begin_draft(by=viewer()).public_id))


@bp.route("/<public_id>", methods=["GET", "POST"])
@reads_first
def edit(public_id: str) -> ResponseReturnValue:
    """Write a draft: rendered first, then kept in one short transaction."""
    item = queries.any_item(public_id)
    if item.state not in ("draft", "scheduled"):
        return redirect(url_for(".figures", public_id=public_id))
    form = DraftForm.of(item)
    form.offer(groups())
    html = form.attempt(lambda: cook(form.body.data or "")) if form.validate_on_submit() else None
    if html is None:
        return _composer(item, form), 422 if form.is_submitted() else 200
    begin()
    if not form.succeeds(lambda: _save(public_id, form, html)):
        return _composer(queries.any_item(public_id), form), 422
    return redirect(_after_saving(public_id))


def _save(public_id: str, form: DraftForm, html: str) -> None:
    item = queries.any_item(public_id)
    actions.save_draft(item, form.words, form.lines, form.version.data or 0, by=viewer(), html=html)
    save_elsewhere(_place(item), "", "", by=viewer())


def _after_saving(public_id: str) -> str:
    if request.form.get("act") == "send":
        return url_for(".send", public_id=public_id)
    if request.form.get("act") == "preview" or request.form.get("preview"):
        return url_for(".preview", public_id=public_id)
    say("The draft is kept. Nobody but those who write news can see it.")
    return url_for(".edit", public_id=public_id)


@bp.post("/rendered")
@reads_first
def rendered() -> ResponseReturnValue:
    """The HTML that a text will become: the same function as the real thing."""
    try:
        return cook(request.form.get("text", ""))
    except Invalid as error:
        return render_template("boards/_preview_error.html", message=error.message), 422


@bp.get("/<public_id>/preview")
def preview(public_id: str) -> ResponseReturnValue:
    """The item as its readers will see it."""
    item = queries.any_item(public_id)
    article = shown.preview(item, viewer(), group_names())
    return render_template("news/preview.html", item=item, article=article, topic=None)


@bp.route("/<public_id>/throw-away", methods=["GET", "POST"])
def throw_away(public_id: str) -> ResponseReturnValue:
    """Give a draft up."""
    item = queries.any_item(public_id)
    if item.state not in ("draft", "scheduled"):
        raise Conflict("This item is published. Take it back instead.")
    if request.method == "GET":
        return render_template("news/throw_away.html", item=item)
    actions.throw_away(item, by=viewer())
    say("The draft is thrown away.")
    return redirect(url_for(".index"))


@bp.post("/<public_id>/trial")
def trial(public_id: str) -> ResponseReturnValue:
    """Mail the item to oneself."""
    try:
        say(f"A test mail is on its way to {actions.send_trial(queries.any_item(public_id), by=viewer())}.")
    except Invalid as error:
        say(error.message, "warn")
    return redirect(url_for(".send", public_id=public_id))


def _composer(item: NewsItem, form: DraftForm) -> str:
    if form.version.errors:
        form.version.raw_data, form.version.data = None, item.version
    tally = recipients.tally([audience_of(line) for line in form.lines])
    return render_template(
        "news/compose.html", item=item, form=form, tally=tally, sizes=segment_sizes(), quiet=quiet.reason(), **_draft(item)
    )  # fmt: skip


def _draft(item: NewsItem) -> dict[str, Any]:
    """What the writer typed after the last time it was saved, if anything."""
    kept = draft_elsewhere(viewer(), _place(item))
    return {
        "unsaved": kept if kept is not None and kept.body and kept.body != item.body else None,
        "place": _place(item),
    }


def _place(item: NewsItem) -> str:
    return f"news:{item.public_id}"
