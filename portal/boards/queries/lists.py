"""Reading boards and lists of topics: rows, not entities, from statements that are prepared once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, case, exists, func, select, true, union_all
from sqlalchemy.orm import contains_eager, joinedload

from portal.boards import policies
from portal.boards.models import (
    Board,
    BoardReader,
    BoardSection,
    Topic,
    TopicReader,
)
from portal.core import clock, settings
from portal.core.db import get_one, rows, scalars
from portal.core.errors import Missing
from portal.core.pages import Keyset, Page
from portal.core.sets import is_word
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select

    from portal.core.access import Viewer

from portal.boards.queries.columns import AUTHOR, HORIZON, ME, NO_BOARD, LastAuthor

_INDEX = (
    select(
        Board.id, Board.public_id, Board.slug, Board.home_url, Board.name, Board.purpose, Board.topic_count, Board.archived_at, Board.last_posted_at,
        BoardSection.name.label("section"), BoardReader.seen_at, Topic.public_id.label("topic_public_id"), Topic.slug.label("topic_slug"),
        Topic.title.label("topic_title"), LastAuthor.full_name.label("last_name"), LastAuthor.listed.label("last_listed"),
    )
    .join(BoardSection, BoardSection.id == Board.section_id)
    .outerjoin(Topic, and_(Topic.id == Board.last_topic_id, Topic.is_hidden.is_(False)))
    .outerjoin(LastAuthor, LastAuthor.id == Topic.last_author_id)
    .outerjoin(BoardReader, and_(BoardReader.board_id == Board.id, BoardReader.person_id == ME))
    .where(policies.BOARD_READABLE, Board.home_url == "")
    .order_by(BoardSection.position, BoardSection.id, Board.position, Board.id)
)  # fmt: skip


def board_index(viewer: Viewer) -> Sequence[Row[Any]]:
    """The boards a viewer may read, by section (not those of comments), each with its last topic and whether something is new."""
    return rows(_INDEX, **policies.reading(viewer))


_BOARD = (
    select(Board).outerjoin(Board.section).where(Board.public_id == bindparam("public_id"), policies.BOARD_READABLE)
)
_BOARD = _BOARD.options(contains_eager(Board.section))


def board_for(viewer: Viewer, public_id: str) -> Board:
    """A board; what you may not read does not exist."""
    return get_one(_BOARD, NO_BOARD, public_id=public_id, **policies.reading(viewer))


_OPENED = (
    select(
        Board.id, Board.public_id, Board.slug, Board.home_url, Board.name, Board.purpose, Board.last_posted_at, BoardSection.name.label("section"),
        exists(select(Topic.id).where(Topic.board_id == Board.id, Topic.is_pinned.is_(True))).label("has_pinned"),
    )
    .outerjoin(BoardSection, BoardSection.id == Board.section_id)
    .where(Board.public_id == bindparam("public_id"), policies.BOARD_READABLE)
)  # fmt: skip


def opened_board(viewer: Viewer, public_id: str) -> Row[Any]:
    """A board as its page shows it."""
    found = rows(_OPENED, public_id=public_id, **policies.reading(viewer))
    if not found:
        raise Missing(NO_BOARD)
    return found[0]


def any_board(public_id: str) -> Board:
    """A board, for the back office; the audience of comments is what they comment's."""
    found = select(Board).where(Board.public_id == public_id, Board.home_url == "")
    return get_one(found.options(joinedload(Board.section)), NO_BOARD)


def all_boards() -> list[Board]:
    """Every board with its section, for the back office; not those that hold the comments on something."""
    found = select(Board).options(joinedload(Board.section)).join(BoardSection).where(Board.home_url == "")
    return scalars(found.order_by(BoardSection.position, BoardSection.id, Board.position, Board.id))


def sections() -> list[BoardSection]:
    """The headings of boards."""
    return scalars(select(BoardSection).order_by(BoardSection.position, BoardSection.id))


def readable_board_list(viewer: Viewer) -> list[Board]:
    """The boards a viewer may read, by name."""
    found = select(Board).where(policies.board_readable_by(viewer), Board.home_url == "")
    return scalars(found.order_by(Board.name))


_SHOWN = (
    Topic.public_id, Topic.slug, Topic.title, Topic.home_url, Topic.is_pinned, Topic.is_locked, Topic.post_count, *AUTHOR,
    LastAuthor.full_name.label("last_name"), LastAuthor.listed.label("last_listed"),
)  # fmt: skip
SHOWN = len(_SHOWN)  # so many columns of a topic's row are the same for every reader
_ROWS = (
    select(
        *_SHOWN, Topic.id, Topic.board_id, Topic.last_number, Topic.last_posted_at, TopicReader.last_read, TopicReader.level,
        BoardReader.read_until, BoardReader.seen_at,
    )
    .join(Person, Person.id == Topic.author_id)
    .join(LastAuthor, LastAuthor.id == Topic.last_author_id)
    .outerjoin(TopicReader, and_(TopicReader.topic_id == Topic.id, TopicReader.person_id == ME))
    .outerjoin(BoardReader, and_(BoardReader.board_id == Topic.board_id, BoardReader.person_id == ME))
)  # fmt: skip
_TOPIC_ROWS = _ROWS.where(policies.LISTED)
_ON_BOARD = _TOPIC_ROWS.where(Topic.board_id == bindparam("board", type_=Integer))
_SINCE = case((BoardReader.read_until > HORIZON, BoardReader.read_until), else_=HORIZON)
UNREAD = and_(
    Topic.last_number > func.coalesce(TopicReader.last_read, 0), Topic.last_posted_at > _SINCE, func.coalesce(TopicReader.level, "") != "mute"
)  # fmt: skip
_FOLLOWED = is_word(TopicReader.level, "follow")  # in plain sight: few are followed, and lists begin with these
_ONLY = {
    "": true(),
    "unread": UNREAD,
    "unanswered": Topic.post_count <= 1,
    "followed": _FOLLOWED,
    "news": and_(UNREAD, _FOLLOWED),
}
_LATEST = (Topic.last_posted_at, Topic.id)
_LISTS = {only: Keyset(_ON_BOARD.where(Topic.is_pinned.is_(False), clause), _LATEST) for only, clause in _ONLY.items()}
_PINNED = _ON_BOARD.where(Topic.is_pinned.is_(True)).order_by(Topic.last_posted_at.desc(), Topic.id.desc()).limit(10)


def _newest_unread() -> Select[*tuple[Any, ...]]:
    """The first of those that are followed and of the others; each is looked for until there are enough, and no further.

    For who has read everything that is the whole horizon of what others wrote.
    """
    order = (Topic.last_posted_at.desc(), Topic.id.desc())
    mine = and_(TopicReader.topic_id == Topic.id, TopicReader.person_id == ME)
    until = and_(BoardReader.board_id == Topic.board_id, BoardReader.person_id == ME)
    # News without a comment are topics without a post: passed over before anything is looked up for them.
    lately = select(Topic.id).where(policies.LISTED, Topic.last_number > 0, Topic.last_posted_at > HORIZON)
    # Read first and by itself: with few readers PostgreSQL hopes to meet the followed ones soon, and walks all topics.
    reads = select(TopicReader.topic_id, TopicReader.last_read).where(TopicReader.person_id == ME, _FOLLOWED).cte()
    reads = reads.prefix_with("MATERIALIZED", dialect="postgresql")
    followed = lately.join(reads, reads.c.topic_id == Topic.id).outerjoin(BoardReader, until)
    followed = followed.where(Topic.last_number > func.coalesce(reads.c.last_read, 0), Topic.last_posted_at > _SINCE)
    others = (
        lately.outerjoin(TopicReader, mine)
        .outerjoin(BoardReader, until)
        .where(UNREAD, func.coalesce(TopicReader.level, "") != "follow")
    )
    first = [
        select(found.order_by(*order).limit(bindparam(most, type_=Integer)).subquery().c.id)
        for most, found in (("followed", followed), ("others", others))
    ]
    return _ROWS.where(Topic.id.in_(union_all(*first))).order_by(*order)


_NEWEST_UNREAD = _newest_unread()


def topic_list(
    viewer: Viewer, board: Row[Any], *, only: str = "", after: str | None = None, before: str | None = None
) -> Page[Row[Any]]:
    """A board's topics, the latest post first; `only` may be unread, unanswered or followed."""
    prepared = _LISTS.get(only, _LISTS[""])
    params = policies.reading(viewer) | {"horizon": horizon(viewer), "board": board.id}
    return prepared.page(size=settings.get("topics_per_page"), after=after, before=before, **params)


def pinned_topics(viewer: Viewer, board: Row[Any]) -> Sequence[Row[Any]]:
    """A board's pinned topics."""
    return rows(_PINNED, **policies.reading(viewer), board=board.id)


def newest_unread(viewer: Viewer, *, followed: int = 6, others: int = 8) -> Sequence[Row[Any]]:
    """The latest unread topics over all boards, so many of those that the viewer follows and so many others; for home."""
    most = {"followed": followed, "others": others}
    return rows(_NEWEST_UNREAD, **policies.reading(viewer), horizon=horizon(viewer), **most)


def horizon(viewer: Viewer) -> datetime:
    """What is older counts as read: 60 days, or the day the member joined."""
    oldest = clock.now() - timedelta(days=settings.get("unread_horizon_days"))
    return max(oldest, viewer.joined_at) if viewer.joined_at else oldest
