"""What templates show of boards: plain values, computed once a page, without a query."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from portal.boards import policies
from portal.boards.grants import grants, moderates
from portal.boards.queries.lists import SHOWN
from portal.careers.audiences import in_words
from portal.core.fragments import Later, Piece
from portal.core.jinja import ago
from portal.people.models import HUES, initials

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from portal.core.access import Viewer

FORMER = "Former member"
PLACEHOLDERS = {
    "hidden": "This post is hidden: {}.",
    "withdrawn": "The author took this post back.",
    "held": "This post waits for a moderator.",
    "moved": "This post was moved.",
}


def author(row: Row[Any]) -> SimpleNamespace:
    """Who wrote: somebody who stepped back is a former member here."""
    if not row.listed:
        return SimpleNamespace(name=FORMER, url=None, photo_url=None, initials="–", hue=0, public_id="")
    photo = f"/photos/{row.photo}" if row.photo else None
    return SimpleNamespace(
        name=row.full_name, url=f"/people/{row.author_public_id}", photo_url=photo, initials=initials(row.full_name), hue=row.author_key % HUES,
        public_id=row.author_public_id,
    )  # fmt: skip


def topic_url(row: Any, page: int = 1) -> str:
    """A topic's address; comments stand on the page of what they comment."""
    return (row.home_url or f"/topics/{row.public_id}/{row.slug}") + (f"?page={page}" if page > 1 else "")


def board_url(row: Any) -> str:
    """A board's address; comments have none of their own."""
    return row.home_url or f"/boards/{row.public_id}/{row.slug}"


def topic_row(row: Row[Any], horizon: datetime, timezone: str, board: Row[Any] | None = None) -> Piece:
    """A line of a topic list; with `board` it says on which one the topic stands."""
    unread = (
        unread_in(row.last_number, row.last_read, row.last_posted_at, row.read_until, horizon)
        if row.level != "mute"
        else 0
    )
    # Of the reader's own columns at the row's end a line shows no more than what is unread.
    on = (board.name, board.slug) if board else ()
    key = (row[:SHOWN], row.last_read is None, ago(row.last_posted_at), unread, timezone, on)
    return Piece(key, Later(lambda: _topic_line(row, unread, board)))


def _topic_line(row: Row[Any], unread: int, board: Row[Any] | None) -> SimpleNamespace:
    is_new = bool(unread) and row.last_read is None
    on = {"board_name": board.name, "board_url": board_url(board)} if board else {}
    return SimpleNamespace(
        title=row.title, url=topic_url(row), author=author(row), replies=max(0, row.post_count - (not row.home_url)), last_at=row.last_posted_at,
        last_by=row.last_name if row.last_listed else FORMER, unread=0 if is_new else unread, is_new=is_new,
        unread_url=unread_url(row), pinned=row.is_pinned, locked=row.is_locked, **on,
    )  # fmt: skip


def unread_url(row: Any) -> str:
    """Where the first unread post of a topic is."""
    return f"/topics/{row.public_id}/unread"


def unread_in(
    last_number: int, last_read: int | None, last_posted_at: datetime, read_until: datetime | None, horizon: datetime
) -> int:
    """How many posts of a topic the reader has not seen; what is older than the horizon counts as read."""
    if last_posted_at <= max(horizon, read_until or horizon):
        return 0
    return max(0, last_number - (last_read or 0))


def board_row(row: Row[Any], words: str) -> SimpleNamespace:
    """A line of the boards page."""
    last = None
    if row.topic_title:
        url = f"/topics/{row.topic_public_id}/{row.topic_slug}"
        last = SimpleNamespace(
            title=row.topic_title, url=url, at=row.last_posted_at, by=row.last_name if row.last_listed else FORMER
        )
    has_new = row.last_posted_at is not None and (row.seen_at is None or row.last_posted_at > row.seen_at)
    key = (
        row.public_id,
        row.name,
        row.purpose,
        words,
        row.topic_count,
        has_new,
        row.archived_at,
        last and (last.url, last.title, last.by, ago(last.at)),
    )
    return SimpleNamespace(
        key=key, name=row.name, url=board_url(row), purpose=row.purpose, audience=words, topics=row.topic_count, last=last, has_new=has_new,
        archived=row.archived_at is not None,
    )  # fmt: skip


def audience_words(board_id: int, group_names: dict[int, str]) -> str:
    """Who can read a board, in words."""
    rule = grants().rules.get(board_id)
    return in_words(rule.audiences if rule else (), group_names)


def posts(
    found: Sequence[Row[Any]], topic: Row[Any], viewer: Viewer, *, last_read: int, may_reply: bool
) -> list[tuple[int, Piece]]:
    """The posts of a topic's page by number; the same for all who may do the same with them."""
    rights = (
        topic.public_id, topic.board_id, topic.is_locked, viewer.timezone, viewer.is_suspended, may_reply,
        moderates(viewer, topic.board_id),
    )  # fmt: skip
    return [(row.number, _post_piece(row, topic, viewer, rights, last_read, may_reply)) for row in found]


def _post_piece(
    row: Row[Any], topic: Row[Any], viewer: Viewer, rights: tuple[Any, ...], last_read: int, may_reply: bool
) -> Piece:
    mine = (row.thanked is not None, viewer.is_person(row.author_key), row.number > last_read)
    key = (rights, mine, ago(row.created_at), row[:-1])  # the last column says who thanked: the viewer or nobody
    return Piece(key, Later(lambda: _post(row, topic, viewer, last_read=last_read, may_reply=may_reply)))


def _post(row: Row[Any], topic: Row[Any], viewer: Viewer, *, last_read: int, may_reply: bool) -> SimpleNamespace:
    """A post as its template wants it; a placeholder when its words are not for this viewer."""
    base, who = f"/posts/{row.public_id}", author(row)
    shown = SimpleNamespace(
        number=row.number, id=row.public_id, url=base, author=who, at=row.created_at, is_new=row.number > last_read, removed=None, held=None,
        official="Official answer" if row.is_official else None, note=None,
    )  # fmt: skip
    if not policies.can_read_text(viewer, row.state, row.author_key, topic.board_id):
        shown.removed = PLACEHOLDERS.get(row.state, "").format(row.state_reason or "see the guidelines")
        if row.state == "withdrawn" and viewer.is_person(row.author_key):
            shown.restore_url = f"{base}/bring-back"
        return shown
    shown.html = Markup(row.html)  # noqa: S704 - cleaned when it was rendered
    shown.edited_at, shown.history_url = row.edited_at, f"{base}/history"
    shown.held = _only_you(row, viewer)
    _actions(shown, row, topic, viewer, may_reply)
    return shown


def _only_you(row: Row[Any], viewer: Viewer) -> str | None:
    if row.state == "visible":
        return None
    who = "Only you and the moderators" if viewer.is_person(row.author_key) else "Only its author and the moderators"
    return f"{who} can read this post. {row.state_reason}".strip()


def _actions(shown: SimpleNamespace, row: Row[Any], topic: Row[Any], viewer: Viewer, may_reply: bool) -> None:
    base, own = shown.url, viewer.is_person(row.author_key)
    readable = row.state == "visible"
    shown.likes, shown.liked = row.thanks_count, row.thanked is not None
    if readable and not own and not viewer.is_suspended:
        shown.like_url = f"{base}/thanks"
    if readable and not own:
        shown.report_url = f"/report/post/{row.public_id}"
    if readable and may_reply:
        shown.quote_url = f"{topic.home_url or f'/topics/{topic.public_id}'}?quote={row.public_id}#reply"
    if own and not topic.is_locked and not viewer.is_suspended:
        shown.edit_url, shown.delete_url = f"{base}/edit", f"{base}/withdraw"
    if moderates(viewer, topic.board_id) and not own:
        shown.more = [{"label": "Decide about it", "url": f"/moderation/post/{row.public_id}", "icon": "shield-check"}]


def quote_of(name: str, body: str, number: int) -> str:
    """A post as a Markdown quotation."""
    lines = "\n".join(f"> {line}" for line in body.strip().splitlines())
    return f"> **{name}**, {number}:\n{lines}\n\n"
