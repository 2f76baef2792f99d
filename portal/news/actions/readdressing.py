"""Another audience after publishing: a deliberate step that says who gains and who loses sight, and mails nobody again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.boards.actions import board_of_comments, move_comments
from portal.boards.models import Topic
from portal.careers.audiences import audience_of, in_words
from portal.core import audit, stamps
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.policy import require
from portal.news import policies, quiet
from portal.news.actions.drafts import ONLY_WRITERS
from portal.news.actions.publishing import HOME, board_name
from portal.people.queries import group_names

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.news.models import NewsItem

STILL_WRITING = "Its mails are being written at this moment. Wait until they are, then change who sees it."


def change_audience(item: NewsItem, lines: tuple[dict[str, Any], ...], version: int, *, by: Viewer) -> None:
    """Show a published item, with its comments, to these people from now on; mails that wait go to nobody else."""
    require(policies.can_write(by), ONLY_WRITERS)
    check_audience(item, lines, version)
    before = list(item.audience)
    board = board_of_comments(HOME, board_name(lines), lines, by=by)
    topic = db.session.execute(select(Topic).where(Topic.id == item.topic_id)).scalar_one_or_none()
    if topic is not None:
        move_comments(topic, board, by=by)
    item.board_id, item.audience, item.version = board.id, list(lines), version + 1
    db.session.flush()
    stamps.bump("news")
    said = in_words([audience_of(line) for line in lines], group_names())
    audit.record(
        "change audience of news", item, by=by, note=f"{item.title}: {said}"[:300],
        before={"audience": before}, after={"audience": list(lines)},
    )  # fmt: skip


def check_audience(item: NewsItem, lines: tuple[dict[str, Any], ...], version: int) -> None:
    """Whether a published item may be shown to these people instead, or the sentence that says why not."""
    if item.state != "published":
        raise Conflict("Only what is published needs this. The audience of a draft is changed where it is written.")
    if why := quiet.reason():
        raise Invalid(why)
    if item.version != version:
        raise Invalid("Somebody changed it while you were choosing. Look at what it says now, then choose again.")
    if item.mailing == "going":
        raise Invalid(STILL_WRITING)
    if not lines:
        raise Invalid("Tick at least one box. If nobody is to see it any more, take it back instead.")
    if {audience_of(line) for line in lines} == {audience_of(line) for line in item.audience}:
        raise Invalid("It is for these people already.")
