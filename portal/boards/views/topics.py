"""A topic's page, its permalinks and the jump to the first unread post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from markupsafe import Markup

from portal.boards import actions, conversation, queries, shown
from portal.boards.cooking import cook
from portal.boards.forms import LevelForm, ReplyForm
from portal.boards.views import bp
from portal.core import settings
from portal.core.application import begin, reads_first
from portal.core.web import viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/topics/<public_id>")
@bp.get("/topics/<public_id>/<slug>")
def topic(public_id: str, slug: str = "") -> ResponseReturnValue:
    """The posts of a topic, twenty a page; comments stand where what they comment does."""
    found = conversation.of(
        viewer(), public_id, page=request.args.get("page", 1, type=int), quoted=request.args.get("quote")
    )
    if found["topic"].home_url:
        return redirect(found["url"])
    return render_template("boards/topic.html", **found)


def topic_page(public_id: str, form: ReplyForm, preview: str = "") -> str:
    """The page of a topic, with a reply under way."""
    return render_template("boards/topic.html", **conversation.of(viewer(), public_id, form=form), preview=preview)


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
        return _refused(public_id, form)
    if request.form.get("preview"):
        return topic_page(public_id, form, Markup(cooked.html))  # noqa: S704 - cleaned when rendered
    begin()
    found, official = queries.topic_for(viewer(), public_id), form.official.data
    written = form.attempt(
        lambda: actions.post_reply(found, cooked.body, official=official, by=viewer(), cooked=cooked)
    )
    if written is None:
        return _refused(public_id, form)
    actions.save_draft(f"topic:{public_id}", "", "", by=viewer())
    return redirect(url_for(".post", public_id=written.public_id))


def _refused(public_id: str, form: ReplyForm) -> ResponseReturnValue:
    page = topic_page(public_id, form)
    actions.keep_refused(f"topic:{public_id}", "", form.body.data or "", by=viewer())
    return page, 422


@bp.post("/topics/<public_id>/follow")
def follow(public_id: str) -> ResponseReturnValue:
    """Follow, mute, or neither."""
    found = queries.topic_for(viewer(), public_id)
    actions.follow(found, LevelForm().level.data or "", by=viewer())
    return redirect(shown.topic_url(found))


def _place_of(found: Any, number: int) -> str:
    page = (number - 1) // settings.get("posts_per_page") + 1
    return f"{shown.topic_url(found, page)}#post-{number}"
