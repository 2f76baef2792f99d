"""Posts as things that can be reported and decided about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.boards import queries
from portal.boards.actions import set_post_state
from portal.core.errors import Missing
from portal.core.parts import ReportedThing

if TYPE_CHECKING:
    from portal.boards.models import Post
    from portal.core.access import Viewer


class ReportablePosts:
    """Posts, for moderation."""

    kind = "post"

    def find(self, viewer: Viewer, public_id: str) -> ReportedThing:
        """A post that this member can read."""
        post = queries.post_for(viewer, public_id)
        if post.state != "visible":
            raise Missing(queries.NO_POST)
        return self._thing(post)

    def load(self, public_id: str) -> ReportedThing:
        """A post with its neighbours, for a moderator."""
        post = queries.any_post(public_id)
        return self._thing(post, context=queries.posts_around(post))

    def set_hidden(self, public_id: str, hidden: bool, reason: str, *, by: Viewer) -> None:
        """Hide or restore a post."""
        set_post_state(queries.any_post(public_id), "hidden" if hidden else "visible", reason, by=by)

    def _thing(self, post: Post, context: list[Post] | None = None) -> ReportedThing:
        return ReportedThing(
            kind=self.kind, public_id=post.public_id, title=post.topic.title, url=f"/posts/{post.public_id}", html=post.html,
            author_id=post.author_id, board_id=post.board_id, is_hidden=post.state != "visible", state=post.state, context=list(context or []),
        )  # fmt: skip
