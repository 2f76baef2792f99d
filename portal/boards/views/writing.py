"""The composer: a new topic, the preview, drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request
from markupsafe import Markup

from portal.boards import actions, policies, queries, shown
from portal.boards.cooking import Cooked, cook
from portal.boards.forms import TopicForm
from portal.boards.views import bp
from portal.core.application import begin, reads_first
from portal.core.errors import Invalid
from portal.core.limits import limited
from portal.core.policy import require
from portal.core.web import viewer
from portal.people.queries import group_names

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.boards.models import Board, Topic


@bp.get("/new-topic")
def new_topic() -> ResponseReturnValue:
    """Choose the board for a new topic."""
    who = viewer()
    names = group_names()
    boards = [
        {
            "name": board.name,
            "purpose": board.purpose,
            "audience": shown.audience_words(board.id, names),
            "url": f"/boards/{board.public_id}/new",
        }
        for board in queries.readable_board_list(who)
        if policies.can_start_topic(who, board)
    ]
    return render_template("boards/choose.html", boards=boards)


@bp.route("/boards/<public_id>/new", methods=["GET", "POST"])
@reads_first
def start(public_id: str) -> ResponseReturnValue:
    """Begin a topic: rendered first, then written in one short transaction."""
    form, board = TopicForm(), queries.board_for(viewer(), public_id)
    require(policies.can_start_topic(viewer(), board), "You can read this board, but not start topics on it.")
    if request.method == "GET":
        return _page(board, form)
    cooked = form.attempt(lambda: cook(form.body.data or "")) if form.validate() else None
    if cooked is None:
        return _refused(board, form)
    if request.form.get("preview"):
        return _page(board, form, cooked)
    begin()
    topic = form.attempt(lambda: _start(public_id, form, cooked))
    if topic is None:
        return _refused(queries.board_for(viewer(), public_id), form)
    return redirect(shown.topic_url(topic))


def _start(public_id: str, form: TopicForm, cooked: Cooked) -> Topic:
    board = queries.board_for(viewer(), public_id)
    topic = actions.start_topic(board, form.title.data or "", cooked.body, by=viewer(), cooked=cooked)
    actions.save_draft(f"board:{public_id}", "", "", by=viewer())
    return topic


def _refused(board: Board, form: TopicForm) -> ResponseReturnValue:
    page = _page(board, form)
    actions.keep_refused(f"board:{board.public_id}", form.title.data or "", form.body.data or "", by=viewer())
    return page, 422


def _page(board: Board, form: TopicForm, cooked: Cooked | None = None) -> str:
    draft = queries.draft(viewer(), f"board:{board.public_id}")
    if draft and not form.title.data:
        form.title.data = draft.title
    return render_template(
        "boards/new.html", board=board, form=form, draft=draft, board_url=shown.board_url(board),
        audience=shown.audience_words(board.id, group_names()),
        preview=Markup(cooked.html) if cooked else "",  # noqa: S704 - cleaned when rendered
    )  # fmt: skip


@bp.post("/preview")
@reads_first
def preview() -> ResponseReturnValue:
    """The HTML that a text will become: the same function as the real thing."""
    try:
        return cook(request.form.get("text", "")).html
    except Invalid as error:
        return render_template("boards/_preview_error.html", message=error.message), 422


@bp.route("/drafts/<place>", methods=["PUT", "DELETE"])
def draft(place: str) -> ResponseReturnValue:
    """Keep what somebody is writing, or forget it."""
    text = {} if request.method == "DELETE" else request.get_json(silent=True) or {}
    actions.save_draft(place, str(text.get("title", "")), str(text.get("text", "")), by=viewer())
    return "", 204


@bp.get("/boards/<public_id>/similar")
@limited("search")
def similar(public_id: str) -> ResponseReturnValue:
    """Topics that may be about the same as a title."""
    queries.board_for(viewer(), public_id)
    found = queries.titles_like(viewer(), request.args.get("q", "")[:200])
    return [
        {"value": row.title, "label": row.title, "note": f"{row.post_count} posts", "url": shown.topic_url(row)}
        for row in found
    ]
