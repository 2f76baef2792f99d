"""What follows a post: those who follow the topic and those who are named hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.boards import queries
from portal.boards.grants import readable_boards
from portal.core.access import system_viewer, viewer_of
from portal.core.jobs import job
from portal.notifications.actions import notify

if TYPE_CHECKING:
    from portal.boards.models import Post


@job("boards.tell_about_post")
def tell_about_post(post_id: int) -> None:
    """Tell followers of the topic and people who are named, each once, and only who may read it."""
    post = queries.post_by_id(post_id)
    if post.state != "visible":
        return
    muted = queries.muted_by(post.topic_id)
    named = {person_id for person_id in queries.mentioned_in(post.id) if person_id != post.author_id} - muted
    for person_id in sorted(named):
        _tell(person_id, post, "mention", f"{post.author.call_name} named you in “{post.topic.title}”", "")
    for person_id in sorted(set(queries.followers(post.topic_id, post.author_id)) - named - muted):
        _tell(
            person_id,
            post,
            "reply",
            f"{post.author.call_name} replied in “{post.topic.title}”",
            f"{{n}} replies in “{post.topic.title}”",
        )


def _tell(person_id: int, post: Post, kind: str, title: str, many: str) -> None:
    reader = viewer_of(person_id)
    if post.board_id not in readable_boards(reader) or post.author_id in reader.blocks:
        return
    notify(
        person_id, kind, title=title, url=f"/posts/{post.public_id}", actor_id=post.author_id, group_key=f"topic:{post.topic_id}",
        many=many, by=system_viewer(),
    )  # fmt: skip
