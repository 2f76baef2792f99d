"""Posts shown anew when a name in them changes."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.boards.cooking import cook
from portal.boards.models import Post, PostMention
from portal.core.db import db
from portal.core.jobs import job


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
