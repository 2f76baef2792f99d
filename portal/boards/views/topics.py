"""A topic's page, its permalinks and the jump to the first unread post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from markupsafe import Markup

from portal.boards import actions, policies, queries, shown
from portal.boards.cooking import cook
from portal.boards.forms import LevelForm, ReplyForm
from portal.boards.views import bp
from portal.core import settings
from portal.core.application import begin, reads_first
from portal.core.db import after_view
from portal.core.errors import Invalid, Missing
from portal.core.web import viewer
from portal.people.queries import group_names

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy import Row


@bp.get("/topics/<public_id>")
@bp.get("/topics/<public_id>/<slug>")
def topic(public_id: str, slug: str = "") -> ResponseReturnValue:
    """The posts of a topic, twenty a page."""
    form = ReplyForm()
    if quoted := request.args.get("quote"):
        _quote_into(form, quoted)
    return topic_page(public_id, form)


def topic_page(public_id: str, form: ReplyForm, preview: str = "") -> str:
    """The page of a topic, with a reply under way."""
    who, size = viewer(), settings.get("posts_per_page")
    found = queries.opened_topic(who, public_id)
    last_page = max(1, -(-found.last_number // size))
    page = min(max(1, request.args.get("page", 1, type=int)), last_page) if request.method == "GET" else last_page
    rows, may_reply = queries.posts_of(who, found, page, size), policies.can_reply(who, found)
    new_from = _new_from(found)
    if rows and rows[-1].number > (found.last_read or 0):
        after_view(lambda connection: actions.reached(found.id, rows[-1].number, by=who, on=connection))
    return render_template(
        "boards/topic.html", topic=found, board_url=f"/boards/{found.board_public_id}/{found.board_slug}", form=form, preview=preview,
        posts=shown.posts(rows, found, who, last_read=new_from, may_reply=may_reply),
        may_reply=may_reply, may_moderate=policies.can_moderate(who, found.board_id), level=found.level or "", page=page, pages=last_page,
        url=shown.topic_url(found), audience=shown.audience_words(found.board_id, group_names()),
        first_new=next((row.number for row in rows if row.number > new_from), None), pager=_pager(found, page, last_page),
    )  # fmt: skip


@bp.get("/topics/<public_id>/unread")
def unread(public_id: str) -> ResponseReturnValue:
    """Jump to the first post the viewer has not read."""
    found = queries.opened_topic(viewer(), public_id)
    number = min((found.last_read or 0) + 1, max(1, found.last_number))
    return redirect(_place_of(found, number))


@bp.get("/posts/<public_id>")
def post(public_id: str) -> ResponseReturnValue:
    """A permalink finds its page."""
    found = queries.post_for(viewer(), public_id)
    return redirect(_place_of(found.topic, found.number))


@bp.post("/topics/<public_id>/replies")
@reads_first
def reply(public_id: str) -> ResponseReturnValue:
    """Write a reply: rendered first, then written in one short transaction."""
    form = ReplyForm()
    cooked = form.attempt(lambda: cook(form.body.data or "")) if form.validate() else None
    if cooked is None:
        return topic_page(public_id, form), 422
    if request.form.get("preview"):
        return topic_page(public_id, form, Markup(cooked.html))  # noqa: S704 - cleaned when rendered
    begin()
    found, official = queries.topic_for(viewer(), public_id), form.official.data
    written = form.attempt(
        lambda: actions.post_reply(found, cooked.body, official=official, by=viewer(), cooked=cooked)
    )
    if written is None:
        return topic_page(public_id, form), 422
    actions.save_draft(f"topic:{public_id}", "", "", by=viewer())
    return redirect(url_for(".post", public_id=written.public_id))


@bp.post("/topics/<public_id>/follow")
def follow(public_id: str) -> ResponseReturnValue:
    """Follow, mute, or neither."""
    found = queries.topic_for(viewer(), public_id)
    actions.follow(found, LevelForm().level.data or "", by=viewer())
    return redirect(shown.topic_url(found))


def _place_of(found: Any, number: int) -> str:
    page = (number - 1) // settings.get("posts_per_page") + 1
    return f"{shown.topic_url(found, page)}#post-{number}"


def _new_from(found: Row[Any]) -> int:
    """Posts above this number are marked new: none on a first visit, where everything is."""
    return int(found.last_read or found.last_number)


def _quote_into(form: ReplyForm, public_id: str) -> None:
    try:
        quoted = queries.post_for(viewer(), public_id)
    except (Missing, Invalid):
        return
    if policies.can_read_text(viewer(), quoted.state, quoted.author_id, quoted.board_id):
        form.body.data = shown.quote_of(
            quoted.author.call_name if quoted.author.listed else shown.FORMER, quoted.body, quoted.number
        )


def _pager(found: Row[Any], page: int, pages: int) -> list[dict[str, Any]]:
    """Links to the first, neighbouring and last pages."""
    near = sorted({1, page - 1, page, page + 1, pages} & set(range(1, pages + 1)))
    return [{"number": n, "url": shown.topic_url(found, n), "current": n == page} for n in near]
