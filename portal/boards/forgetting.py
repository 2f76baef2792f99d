"""What stays of a member's part in conversations when they are gone: numbers and, if they like, words; never the name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update

from portal.boards.cooking import cook
from portal.boards.index import POSTS
from portal.boards.models import Board, Post, PostMention, PostRevision, Topic
from portal.core.db import db, rows
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Callable

FORMER, WITHDRAWN = "Former member", "Withdrawn by its author"
AS_IT_IS = {"synchronize_session": False}


def forget_name(person_id: int) -> None:
    """The name goes from mentions, and from the quotations that carry it, in what others wrote (R18)."""
    person = db.session.execute(select(Person).where(Person.id == person_id)).scalar_one()
    mention = re.compile(rf"@\[[^\]\n]{{1,120}}\]\({re.escape(person.public_id)}\)")
    quoted = f"> **{person.full_name}**, "

    def without(body: str) -> str:
        return mention.sub(f"@{FORMER}", body).replace(quoted, f"> **{FORMER}**, ")

    beside = select(Post.topic_id).where(Post.author_id == person_id)
    mentioned = select(PostMention.post_id).where(PostMention.person_id == person_id)
    quotes = Post.topic_id.in_(beside) & Post.body.contains(quoted, autoescape=True)
    earlier = select(PostRevision.post_id).where(PostRevision.body.contains(person.public_id, autoescape=True))
    for row in rows(select(Post.id).where(or_(Post.id.in_(mentioned), Post.id.in_(earlier), quotes))):
        _rewrite(row.id, without)


def _rewrite(post_id: int, without: Callable[[str], str]) -> None:
    """The post, what it said before, and how it is found."""
    post = db.session.execute(select(Post, Topic.title, Topic.home_url).join(Topic).where(Post.id == post_id)).one()
    row: Post = post[0]
    body = without(row.body)
    if body != row.body:
        cooked = cook(body)
        row.body, row.html, row.cook_version = body, cooked.html, cooked.version
        if row.state == "visible":
            title = post.title if row.number == 1 and not post.home_url else ""
            POSTS.put(row.id, f"{title} {cooked.plain}")
    for old in db.session.execute(select(PostRevision).where(PostRevision.post_id == post_id)).scalars():
        before = without(old.body)
        if before != old.body:
            old.body, old.html = before, cook(before).html
    db.session.flush()


def forget_words(person_id: int) -> None:
    """All posts become empty places, and topics that the person began lose their titles; numbers stay (M2)."""
    mine: Any = Post.author_id == person_id
    for row in rows(select(Post.topic_id, Post.board_id).where(mine, Post.state == "visible")):
        for table, key in ((Topic, row.topic_id), (Board, row.board_id)):
            one_less = update(table).where(table.id == key).values(post_count=table.post_count - 1)
            db.session.execute(one_less, execution_options=AS_IT_IS)
    for row in rows(select(Post.id).where(mine)):
        POSTS.remove(row.id)
    theirs = select(Post.id).where(mine)
    db.session.execute(delete(PostRevision).where(PostRevision.post_id.in_(theirs)), execution_options=AS_IT_IS)
    blank = {"body": "", "html": "", "edited_at": None}
    db.session.execute(update(Post).where(mine).values(**blank), execution_options=AS_IT_IS)
    shown = update(Post).where(mine, Post.state == "visible").values(state="withdrawn", state_reason="")
    db.session.execute(shown, execution_options=AS_IT_IS)
    begun = update(Topic).where(Topic.author_id == person_id, Topic.home_url == "")
    db.session.execute(begun.values(title=WITHDRAWN, slug="withdrawn"), execution_options=AS_IT_IS)
