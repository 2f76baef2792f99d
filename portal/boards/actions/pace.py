"""How fast one may write: gaps and daily caps of the settings (limits)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from portal.boards.models import Post, Topic
from portal.boards.policies import is_new
from portal.core import clock, settings
from portal.core.db import db, rows
from portal.core.errors import TooMany

if TYPE_CHECKING:
    from portal.core.access import Viewer


def check_replies(by: Viewer) -> None:
    """Not faster than the gap between replies; the first day has a cap."""
    if by.system:
        return
    _check_gap(by, "reply_gap_seconds", Post)
    if _first_day(by):
        _check_day(by, Post, settings.get("first_day_replies") + settings.get("first_day_topics"), "posts")


def check_topics(by: Viewer) -> None:
    """Not faster than the gap between topics, not more than the day's cap."""
    if by.system:
        return
    _check_gap(by, "topic_gap_seconds", Topic)
    _check_day(by, Topic, settings.get("first_day_topics" if _first_day(by) else "topics_per_day"), "topics")


def _check_gap(by: Viewer, key: str, table: type[Post | Topic]) -> None:
    gap = settings.get("new_" + key if is_new(by) and settings.get(key) else key)
    last = rows(_LAST[table], author=by.person_id) if gap else ()
    if not last:
        return
    wait = gap - (clock.now() - last[0].created_at).total_seconds()
    if wait > 0:
        raise TooMany(
            f"That was quick: please wait {max(1, round(wait))} seconds and send it again.", max(1, round(wait))
        )


_LAST: dict[Any, Any] = {
    table: select(table.created_at).where(table.author_id == bindparam("author")).order_by(table.id.desc()).limit(1)
    for table in (Post, Topic)
}


def _check_day(by: Viewer, table: type[Post | Topic], cap: int, what: str) -> None:
    since = clock.now() - timedelta(days=1)
    written = select(func.count()).where(table.author_id == by.person_id, table.created_at > since)
    if db.session.execute(written.select_from(table)).scalar_one() >= cap:
        raise TooMany(f"You have written {cap} {what} in a day, which is the most. Please come back tomorrow.", 3600)


def _first_day(by: Viewer) -> bool:
    return by.joined_at is not None and clock.now() - by.joined_at < timedelta(days=1)
