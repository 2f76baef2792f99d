"""What follows a post: those who follow the topic and those who are named hear of it."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.boards import policies, queries
from portal.boards.cooking import cook
from portal.boards.models import Post, PostMention
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.core.jobs import job
from portal.notifications.actions import notify


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
    if post.board_id not in policies.readable_boards(reader) or post.author_id in reader.blocks:
        return
    notify(
        person_id, kind, title=title, url=f"/posts/{post.public_id}", actor_id=post.author_id, group_key=f"topic:{post.topic_id}",
        many=many, by=system_viewer(),
    )  # fmt: skip


@job("boards.recook_mentions")
def recook_mentions(person_id: int) -> None:
    """Show a person's current name (or none) wherever posts mention them (R18)."""
    found = (
        select(Post.id, Post.body)
        .join(PostMention, PostMention.post_id == Post.id)
        .where(PostMention.person_id == person_id)
    )
    for post_id, body in db.session.execute(found).all():
        cooked = cook(body)
        db.session.execute(update(Post).where(Post.id == post_id).values(html=cooked.html, cook_version=cooked.version))
