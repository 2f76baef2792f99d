"""The boards page and a board's list of topics."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from portal.boards import actions, policies, queries, shown
from portal.boards.views import bp
from portal.core.db import after_view
from portal.core.web import say, viewer
from portal.people.queries import group_names, holders

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

FILTERS = (("", "All"), ("unread", "Unread"), ("followed", "Followed"), ("unanswered", "Without a reply"))


@bp.get("/boards")
def index() -> ResponseReturnValue:
    """All boards of the viewer, by section."""
    names = group_names()
    found = queries.board_index(viewer())
    sections = [
        (name, [shown.board_row(row, shown.audience_words(row.id, names)) for row in rows])
        for name, rows in groupby(found, lambda row: row.section)
    ]
    return render_template("boards/index.html", sections=sections)


@bp.get("/boards/<public_id>")
@bp.get("/boards/<public_id>/<slug>")
def board(public_id: str, slug: str = "") -> ResponseReturnValue:
    """A board's topics, the latest first."""
    who, only = viewer(), request.args.get("only", "")
    found = queries.opened_board(who, public_id)
    if found.home_url:
        return redirect(found.home_url)
    after, before = request.args.get("after"), request.args.get("before")
    page = queries.topic_list(who, found, only=only, after=after, before=before)
    pinned = queries.pinned_topics(who, found) if found.has_pinned and not (after or before or only) else []
    horizon = queries.horizon(who)
    if any(_is_news(found, row) for row in page.items[:1]):
        after_view(lambda connection: actions.saw_board(found.id, by=who, on=connection))
    return render_template(
        "boards/board.html", board=found, page=page.map(lambda row: shown.topic_row(row, horizon, who.timezone)),
        pinned=[shown.topic_row(row, horizon, who.timezone) for row in pinned], only=only, tabs=_tabs(found, only), **_about(found),
    )  # fmt: skip


@bp.get("/boards/<public_id>/about")
def about(public_id: str) -> ResponseReturnValue:
    """A board's purpose and rules, who can read it and who keeps it."""
    found = queries.board_for(viewer(), public_id)
    moderators = queries.moderators_of(found.id)
    keep_all = [one for one in holders("moderator") if one.listed and one not in moderators]
    return render_template("boards/about.html", board=found, moderators=moderators, keep_all=keep_all, **_about(found))


@bp.post("/boards/<public_id>/read")
def mark_read(public_id: str) -> ResponseReturnValue:
    """Everything on a board counts as read."""
    found = queries.board_for(viewer(), public_id)
    actions.mark_board_read(found.id, by=viewer())
    say(f"Everything in {found.name} is marked as read.")
    return redirect(shown.board_url(found))


def _is_news(found: Any, row: Any) -> bool:
    """Whether something was posted since the viewer looked here; otherwise there is nothing to write down."""
    return row.seen_at is None or (found.last_posted_at is not None and found.last_posted_at > row.seen_at)


def _about(found: Any) -> dict[str, Any]:
    words = shown.audience_words(found.id, group_names())
    return {
        "audience": words,
        "may_start": policies.can_start_topic(viewer(), found),
        "board_url": shown.board_url(found),
    }


def _tabs(found: Any, only: str) -> list[dict[str, Any]]:
    base = url_for(".board", public_id=found.public_id, slug=found.slug)
    return [
        {"label": label, "url": base + (f"?only={key}" if key else ""), "active": key == only} for key, label in FILTERS
    ]
