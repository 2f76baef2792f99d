"""The front page: a welcome for visitors, the day for members."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from portal.boards.policies import is_new
from portal.boards.queries import horizon, newest_unread
from portal.boards.shown import unread_url
from portal.core import clock, parts
from portal.core.jinja import url_if
from portal.core.web import public, say, viewer
from portal.directory.queries import coworkers, newcomers
from portal.home import actions, queries, shown
from portal.news.queries import latest, unread_ids
from portal.news.shown import line, pieces
from portal.people.queries import group_names

if TYPE_CHECKING:
    from typing import Any

    from flask.typing import ResponseReturnValue

    from portal.core.access import Viewer
    from portal.core.fragments import Piece

bp = Blueprint("home", __name__)
FOLLOWED, OTHERS, KNOWN, NEWCOMERS, NEWS = 6, 8, 5, 4, 2
NEW_FOR = timedelta(days=60)  # how long somebody counts as a newcomer


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Whose house it is, for visitors; what is new and what is asked, for members."""
    who = viewer()
    if not who.is_member:
        return render_template("home/landing.html")
    tasks = [card for ask in parts.every("tasks") for card in ask(who)]
    known = coworkers(who, KNOWN)
    return render_template(
        "home/index.html", greeting=shown.greeting(who), tasks=tasks, **_unread(who, len(tasks)), coworkers=shown.coworkers(known),
        newcomers=shown.newcomers(newcomers(who, clock.now() - NEW_FOR, NEWCOMERS), {card.face.id for card in known}, who.timezone),
        steps=_first_steps(who), is_new=is_new(who), news=_news(who),
    )  # fmt: skip


@bp.get("/claim")
@public
def claim() -> ResponseReturnValue:
    """How an invitation works, and what to do without one."""
    return render_template("home/claim.html")


@bp.post("/first-steps/put-away")
def put_away() -> ResponseReturnValue:
    """The first steps are not shown any more."""
    actions.dismiss_first_steps(by=viewer())
    say("Put away. Everything in it stays in your settings.")
    return redirect(url_for(".index"))


def _first_steps(who: Viewer) -> list[Piece]:
    """The five first steps, until the member puts them away."""
    done = queries.first_steps(who)
    if "put_away" in done:
        return []
    profile = [card for ask in parts.every("first_steps") for card in ask(who)]
    return shown.first_steps(done, profile, url_if)


def _news(who: Viewer) -> list[Any]:
    """The newest of the host's news for the member; remembered for everybody, only what is new is asked."""
    items = latest(who, NEWS)
    names, new = group_names(), unread_ids(who) if items else set()
    return pieces(
        [line(row, names, unread=row.id in new) for row in items], who.timezone, level=3, brief_when_read=True
    )


def _unread(who: Viewer, tasks: int) -> dict[str, Any]:
    """Unread in what the member follows, and then on their boards."""
    on, since = queries.boards_by_id(who), horizon(who)
    rows = newest_unread(who, followed=FOLLOWED, others=OTHERS)
    followed = [row for row in rows if row.level == "follow"]
    others = [row for row in rows if row.level != "follow"]
    return {
        "followed": shown.topics(followed, on, since, who.timezone),
        "others": shown.topics(others, on, since, who.timezone),
        "first": next((unread_url(row) for row in followed + others), ""),
        "summary": shown.summary(len(followed), len(others), tasks, new=is_new(who)),
        "has_boards": any(not board.home_url for board in on.values()),
    }
