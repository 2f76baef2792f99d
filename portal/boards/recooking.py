"""Posts shown anew when a name in them changes."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.boards.cooking import cook
from portal.boards.index import POSTS
from portal.boards.models import Post, PostMention
from portal.core.db import db, scalars
from portal.core.jobs import job

BATCH = 200


def index_again(after: int) -> int:
    """Write some posts into the index once more, those that are shown."""
    shown = select(Post).where(Post.state == "visible", Post.id > after).options(joinedload(Post.topic))
    found = scalars(shown.order_by(Post.id).limit(BATCH))
    POSTS.put_many(
        (post.id, f"{post.topic.title if post.topic.begins_with(post.number) else ''} {cook(post.body).plain}")
        for post in found
    )
    return found[-1].id if found else 0


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
