"""What boards give to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from portal.boards import letter, listeners, queries
from portal.boards.models import BoardModerator
from portal.boards.person_data import BoardsData
from portal.boards.recooking import index_again
from portal.boards.reportable import ReportablePosts
from portal.boards.searching import PostSearch
from portal.boards.views import bp
from portal.core import access
from portal.core.db import rows
from portal.core.parts import Feature, NavItem, Reindexing
from portal.core.settings import Setting
from portal.notifications import kinds

if TYPE_CHECKING:
    from typing import Any


_KEPT_BOARDS = select(BoardModerator.board_id).where(BoardModerator.person_id == bindparam("me"))


@access.contribute
def moderated(person_id: int) -> dict[str, Any]:
    """The boards a viewer keeps."""
    return {"moderates": frozenset(row.board_id for row in rows(_KEPT_BOARDS, me=person_id))}


kinds.register(
    kinds.NotificationType("reply", "Replies in topics I follow", icon="reply", still_readable=queries.readable_posts,
                           hint="You follow what you write in, and what you choose to.", nouns=("reply", "replies"),
                           order=10),
    kinds.NotificationType("mention", "Somebody names me", icon="at", still_readable=queries.readable_posts,
                           hint="With @ and your name, in a post that you may read.", nouns=("mention", "mentions"),
                           order=15),
)  # fmt: skip

FEATURE = Feature(
    name="boards",
    blueprints=(bp,),
    nav=(NavItem("Boards", "boards.index", "chat-square", 10),),
    person_data=(BoardsData(),),
    reportables=(ReportablePosts(),),
    search_sources=(PostSearch(),),
    reindexing=(Reindexing("posts", index_again),),
    letter_parts=(letter.Followed(), letter.Begun(), letter.Question()),
    settings=(
        Setting("topics_per_page", 30, "Topics a page", "Boards", low=5, high=100),
        Setting(
            "posts_per_page",
            20,
            "Posts a page",
            "Boards",
            "Changing it moves posts between pages; permalinks follow.",
            low=5,
            high=100,
        ),
        Setting("title_min", 5, "Shortest title", "Boards", low=1, high=50),
        Setting("title_max", 200, "Longest title", "Boards", low=50, high=200),
        Setting("post_min", 2, "Shortest post", "Boards", low=1, high=100),
        Setting("post_max", 32_000, "Longest post", "Boards", low=500, high=64_000),
        Setting("mentions_per_post", 10, "Mentions a post", "Boards", low=0, high=50),
        Setting("reply_gap_seconds", 10, "Seconds between replies", "Boards", low=0, high=600),
        Setting("new_reply_gap_seconds", 30, "Seconds between a new member's replies", "Boards", low=0, high=600),
        Setting("topic_gap_seconds", 30, "Seconds between topics", "Boards", low=0, high=3600),
        Setting("new_topic_gap_seconds", 120, "Seconds between a new member's topics", "Boards", low=0, high=3600),
        Setting("first_day_topics", 3, "Topics on the first day", "Boards", low=0, high=100),
        Setting("first_day_replies", 10, "Replies on the first day", "Boards", low=0, high=500),
        Setting("topics_per_day", 20, "Topics a day", "Boards", low=1, high=500),
        Setting(
            "new_member_days",
            3,
            "Days as a new member",
            "Boards",
            "A new member's posts with links wait for a moderator.",
            low=0,
            high=60,
        ),
        Setting("edit_hours", 24, "Hours to edit one's post", "Boards", low=0, high=8760),
        Setting("edit_hours_trusted", 720, "Hours to edit, once trusted", "Boards", low=0, high=8760),
        Setting(
            "quiet_edit_minutes",
            5,
            "Minutes of unmarked editing",
            "Boards",
            "While nobody has replied.",
            low=0,
            high=60,
        ),
        Setting("unread_horizon_days", 60, "Days until unread counts as read", "Boards", low=1, high=365),
    ),
)

__all__ = ["FEATURE", "listeners"]
