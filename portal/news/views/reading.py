"""What members read: the list, an item with its question and comments, what it said before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from portal.boards import conversation
from portal.boards.shown import audience_words
from portal.core.db import after_view
from portal.core.pages import Page
from portal.core.web import say, viewer
from portal.news import actions, policies, queries, shown
from portal.news.forms import AnswerForm
from portal.news.views import bp
from portal.people.queries import group_names

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy import Row


@bp.get("")
def index() -> ResponseReturnValue:
    """What the host has told, the newest first; seeing the list quiets the number in the navigation."""
    who, names = viewer(), group_names()
    page = queries.list_page(who, after=request.args.get("after"), before=request.args.get("before"))
    new = {row.id for row in page.items if shown.is_unread(row, who)}
    if new and not request.args:
        after_view(lambda connection: actions.saw_news(by=who, on=connection))
    lines = [shown.line(row, names, unread=row.id in new) for row in page.items]
    pieces = Page(shown.pieces(lines, who.timezone, level=2), page.older, page.newer)
    return render_template("news/index.html", page=pieces, may_write=policies.can_write(who))


@bp.get("/<public_id>")
@bp.get("/<public_id>/<slug>")
def item(public_id: str, slug: str = "") -> ResponseReturnValue:
    """One item, its question, and what its readers say to it."""
    row = queries.item_page(viewer(), public_id)
    if row.state == "withdrawn":
        return render_template("news/withdrawn.html", item=row), 410
    return _page(row, AnswerForm())


@bp.get("/<public_id>/history")
def history(public_id: str) -> ResponseReturnValue:
    """What an item said before it was corrected."""
    found = queries.item_for(viewer(), public_id)
    return render_template(
        "news/history.html", item=found, url=shown.item_url(found), revisions=queries.revisions(found.id)
    )


@bp.post("/<public_id>/answer")
def answer(public_id: str) -> ResponseReturnValue:
    """Answer what an item asks."""
    found, form = queries.item_for(viewer(), public_id), AnswerForm()
    given = form.validate() and form.succeeds(
        lambda: actions.answer(found, choice=form.choice.data, words=form.words.data or "", by=viewer())
    )
    if not given:
        return _page(queries.item_page(viewer(), public_id), form), 422
    say("Thank you. Your answer is with those who asked; you can change it.")
    return redirect(url_for(".item", public_id=public_id, slug=found.slug) + "#asked")


def _page(row: Row[Any], form: AnswerForm) -> str:
    who = viewer()
    if row.opened_at is None and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        after_view(lambda connection: actions.opened(row.id, by=who, on=connection))
    article = shown.article(row, who, audience_words(row.board_id, group_names()))
    return render_template(
        "news/item.html", article=article, answer_form=form, desk_url=_desk_url(row), **_comments(row)
    )  # fmt: skip


def _comments(row: Row[Any]) -> dict[str, Any]:
    if row.topic is None:
        return {"topic": None}
    page, quoted = request.args.get("page", 1, type=int), request.args.get("quote")
    return conversation.of(viewer(), row.topic, page=page, quoted=quoted) | {"preview": ""}


def _desk_url(row: Row[Any]) -> str:
    return url_for("newsroom.figures", public_id=row.public_id) if policies.can_write(viewer()) else ""
