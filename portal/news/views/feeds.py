"""News in a program of the reader's choice: an Atom feed at a secret address, with what its owner may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response, redirect, render_template, url_for

from portal.core import clock, mail
from portal.core.web import public, say, viewer
from portal.news import actions, queries
from portal.news.views import bp

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/feed")
def feed() -> ResponseReturnValue:
    """What a feed is, and the way to an address of one's own."""
    return render_template("news/feed.html", since=queries.feed_since(viewer()), address="")


@bp.post("/feed")
def open_feed() -> ResponseReturnValue:
    """Make an address and show it, this once."""
    address = mail.link("news.read_feed", token=actions.open_feed(by=viewer()))
    return render_template("news/feed.html", since=clock.now(), address=address)


@bp.post("/feed/close")
def close_feed() -> ResponseReturnValue:
    """End the address."""
    actions.close_feed(by=viewer())
    say("The address has ended. Programs that still ask get nothing.")
    return redirect(url_for(".feed"))


@bp.get("/feed/<token>")
@public
def read_feed(token: str) -> ResponseReturnValue:
    """The newest items that the address's owner may see: titles and leads; the rest is behind the sign-in."""
    page = queries.list_page(queries.reader_of(token))
    newest = max((row.corrected_at or row.published_at for row in page.items), default=clock.now())
    answer = make_response(render_template("news/feed.xml", items=page.items, updated=newest, link=mail.link))
    answer.content_type = "application/atom+xml; charset=utf-8"
    answer.headers["Cache-Control"] = "private, max-age=900"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
