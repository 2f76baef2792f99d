"""What templates show of news: plain values, made of rows; one article for page and preview alike."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from portal.boards.shown import audience_words
from portal.careers.audiences import audience_of, in_words
from portal.core.fragments import Later, Piece
from portal.core.jinja import ago
from portal.news import policies
from portal.people.faces import Face

if TYPE_CHECKING:
    from sqlalchemy import Row

    from portal.core.access import Viewer
    from portal.news.models import NewsItem

STATES = {"draft": "Draft", "scheduled": "Scheduled", "published": "Published", "withdrawn": "Taken back"}


def item_url(row: Any) -> str:
    """An item's address."""
    return f"/news/{row.public_id}/{row.slug or 'news'}"


def line(row: Row[Any], group_names: dict[int, str], *, unread: bool) -> SimpleNamespace:
    """An item in a list."""
    return SimpleNamespace(
        title=row.title, url=item_url(row), lead=row.lead, at=row.published_at, unread=unread, ask=row.ask,
        corrected=row.corrected_at is not None, audience=audience_words(row.board_id or 0, group_names),
        comments=getattr(row, "comments", None) or 0,
    )  # fmt: skip


def pieces(lines: list[SimpleNamespace], timezone: str, *, level: int, brief_when_read: bool = False) -> list[Piece]:
    """Items as pieces of a list; with `brief_when_read` those that were read are told in a line."""
    return [_piece(one, timezone, level, brief_when_read and not one.unread) for one in lines]


def _piece(one: SimpleNamespace, timezone: str, level: int, brief: bool) -> Piece:
    key = (one.url, one.title, one.lead, ago(one.at), one.unread, one.ask, one.corrected, one.audience, one.comments)
    return Piece((*key, timezone, level, brief), Later(lambda: {"story": one, "level": level, "brief": brief}))


def is_unread(row: Row[Any], viewer: Viewer) -> bool:
    """Whether a row of the list is new to the viewer: neither opened nor seen there before."""
    since = max(filter(None, (row.seen_until, viewer.joined_at)), default=None)
    return row.opened_at is None and (since is None or row.published_at > since)


def article(row: Row[Any], viewer: Viewer, audience: str) -> SimpleNamespace:
    """An item as its page shows it."""
    may_answer = policies.can_answer(viewer, row.state, row.ask, row.board_id)
    return SimpleNamespace(
        title=row.title, lead=row.lead, html=Markup(row.html), at=row.published_at, corrected_at=row.corrected_at,  # noqa: S704 - cleaned when rendered
        correction=row.correction, history_url=f"/news/{row.public_id}/history", author=Face.of(row), audience=audience,
        asked=asked(row), answer_url=f"/news/{row.public_id}/answer" if may_answer else "",
        mine=SimpleNamespace(choice=row.choice, words=row.words, at=row.answered_at) if row.answered_at else None,
    )  # fmt: skip


def preview(item: NewsItem, viewer: Viewer, group_names: dict[int, str]) -> SimpleNamespace:
    """A draft as its page will show it: the same article, which nobody can answer yet."""
    return SimpleNamespace(
        title=item.title or "Without a title", lead=item.lead, html=Markup(item.html), at=item.published_at,  # noqa: S704 - cleaned when rendered
        corrected_at=item.corrected_at, correction=item.correction, history_url="", author=face_of(item), audience=draft_audience(item, group_names),
        asked=asked(item), answer_url="", mine=None,
    )  # fmt: skip


def asked(row: Any) -> SimpleNamespace:
    """What an item asks of its readers."""
    return SimpleNamespace(
        kind=row.ask,
        question=row.question,
        choices=list(enumerate(row.choices or ())),
        label=row.link_label,
        url=row.link_url,
    )


def face_of(item: NewsItem) -> Face:
    """The author of an item that was loaded with them."""
    who = item.author
    return Face(who.id, who.public_id, who.full_name, who.photo, who.listed)


def draft_audience(item: NewsItem | Row[Any], group_names: dict[int, str]) -> str:
    """Whom a draft is for, in words."""
    return in_words([audience_of(each) for each in item.audience], group_names)


def shares(counted: list[tuple[str, int]], few: int) -> list[tuple[str, int, int | None]]:
    """Answers with their number and, from `few` on, their share in per cent (A9)."""
    total = sum(number for _, number in counted)
    return [(words, number, round(100 * number / total) if total >= few else None) for words, number in counted]
