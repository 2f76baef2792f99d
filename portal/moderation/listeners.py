"""What moderation does when boards hold a post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.boards.signals import post_held
from portal.moderation import actions, queries

if TYPE_CHECKING:
    from portal.boards.models import Post
    from portal.core.access import Viewer


@post_held.connect
def open_case(_sender: Any, *, post: Post, by: Viewer) -> None:
    """A new member's post waits for a moderator."""
    actions.open_held_case(queries.reportable("post").load(post.public_id), by=by)
