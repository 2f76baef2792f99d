"""What moderation does when boards hold a post, and when its author takes that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.boards.signals import post_held, post_state_changed
from portal.moderation import actions, queries

if TYPE_CHECKING:
    from portal.boards.models import Post
    from portal.core.access import Viewer


@post_held.connect
def open_case(_sender: Any, *, post: Post, by: Viewer) -> None:
    """A new member's post waits for a moderator."""
    actions.open_held_case(queries.reportable("post").load(post.public_id), by=by)


@post_state_changed.connect
def drop_case(_sender: Any, *, post: Post, before: str, by: Viewer) -> None:
    """A held post that its author took back waits no more."""
    if before == "held":
        actions.drop_held_case("post", post.public_id, by=by)
