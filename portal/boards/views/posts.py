"""What one does with a post: edit, look at its history, withdraw, thank; and what keepers do with a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.boards import actions, policies, queries, shown
from portal.boards.forms import EditForm
from portal.boards.views import bp
from portal.core.errors import Conflict, Missing
from portal.core.policy import require
from portal.core.web import say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/posts/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> ResponseReturnValue:
    """Write a post anew; a stale edit is answered with both texts."""
    post = queries.post_for(viewer(), public_id)
    require(policies.can_edit(viewer(), post, post.topic), "This post can't be edited any more.")
    form = EditForm(data={"body": post.body, "version": post.version, "title": post.topic.title})
    if request.method == "GET" or not form.validate():
        return render_template("boards/edit.html", post=post, form=form), 422 if request.method == "POST" else 200
    try:
        saved = form.attempt(lambda: _save(public_id, form))
    except Conflict as conflict:
        form.version.raw_data, form.version.data = None, conflict.details["version"]
        return render_template("boards/stale.html", post=post, form=form, theirs=conflict.details["theirs"]), 409
    if not saved:
        return render_template("boards/edit.html", post=queries.post_for(viewer(), public_id), form=form), 422
    return redirect(url_for(".post", public_id=public_id))


def _save(public_id: str, form: EditForm) -> bool:
    post = queries.post_for(viewer(), public_id)
    actions.edit_post(post, form.body.data or "", form.version.data or 0, by=viewer())
    if post.topic.begins_with(post.number) and form.title.data and form.title.data != post.topic.title:
        actions.retitle_topic(post.topic, post, form.title.data, by=viewer())
    return True


@bp.get("/posts/<public_id>/history")
def history(public_id: str) -> ResponseReturnValue:
    """What a post said before."""
    post = queries.post_for(viewer(), public_id)
    if not policies.can_read_text(viewer(), post.state, post.author_id, post.board_id):
        raise Missing(queries.NO_POST)
    return render_template("boards/history.html", post=post, revisions=queries.revisions(post))


@bp.get("/posts/<public_id>/source")
def source(public_id: str) -> ResponseReturnValue:
    """A post's Markdown, for quoting."""
    post = queries.post_for(viewer(), public_id)
    if not policies.can_read_text(viewer(), post.state, post.author_id, post.board_id):
        raise Missing(queries.NO_POST)
    return post.body, 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.route("/posts/<public_id>/withdraw", methods=["GET", "POST"])
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take one's own words back."""
    post = queries.post_for(viewer(), public_id)
    require(policies.can_withdraw(viewer(), post), "You can only withdraw your own posts.")
    if request.method == "GET":
        return render_template("boards/withdraw.html", post=post)
    actions.withdraw_post(post, by=viewer())
    say("Your post is taken back. You can bring it back for 30 days.")
    return redirect(shown.topic_url(post.topic))


@bp.route("/posts/<public_id>/bring-back", methods=["GET", "POST"])
def bring_back(public_id: str) -> ResponseReturnValue:
    """One's own words again."""
    post = queries.post_for(viewer(), public_id)
    require(policies.can_bring_back(viewer(), post), "This post can't be brought back any more.")
    if request.method == "GET":
        return render_template("boards/bring_back.html", post=post)
    actions.bring_back_post(post, by=viewer())
    return redirect(url_for(".post", public_id=public_id))


@bp.post("/posts/<public_id>/thanks")
def thank(public_id: str) -> ResponseReturnValue:
    """Thank for a post, or take it back."""
    actions.thank(queries.post_for(viewer(), public_id), by=viewer())
    return redirect(url_for(".post", public_id=public_id))


@bp.post("/topics/<public_id>/lock")
def lock(public_id: str) -> ResponseReturnValue:
    """Close a topic to replies, or open it."""
    topic = queries.topic_for(viewer(), public_id)
    actions.lock_topic(topic, request.form.get("on") == "1", by=viewer())
    return redirect(shown.topic_url(topic))


@bp.post("/topics/<public_id>/pin")
def pin(public_id: str) -> ResponseReturnValue:
    """Keep a topic at the top of its board, or let it go."""
    topic = queries.topic_for(viewer(), public_id)
    actions.pin_topic(topic, request.form.get("on") == "1", by=viewer())
    return redirect(shown.topic_url(topic))
