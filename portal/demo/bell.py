"""What the bell tells members: replies where they follow, and posts that name them, since their last visit."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from portal.boards.models import Post, PostMention, TopicReader
from portal.core.db import db
from portal.demo.stage import Stage, public_id
from portal.moderation import telling
from portal.moderation.models import Appeal, Case
from portal.notifications.models import Notification

if TYPE_CHECKING:
    from random import Random

    from portal.people.models import Person

Rows = list[dict[str, Any]]


def add_notices(stage: Stage) -> None:
    """Lines behind the bell, and what waits for moderators."""
    rng, people = stage.dice("bell"), {person.id: person for person in stage.people.values()}
    titles = {topic.id: topic.title for _, topic in stage.topics}
    rows = _mentions(stage, people, titles, rng) + _replies(stage, people, titles, rng)
    db.session.execute(insert(Notification), rows)
    for case_id in db.session.scalars(select(Case.id).where(Case.state == "open").order_by(Case.opened_at)).all():
        telling.tell_moderators(case_id)
    for appeal_id in db.session.scalars(select(Appeal.id).where(Appeal.state == "open")).all():
        telling.tell_of_appeal(appeal_id)


def _mentions(stage: Stage, people: dict[int, Person], titles: dict[int, str], rng: Random) -> Rows:
    posts = {post.id: post for post in stage.posts}
    rows: Rows = []
    named = select(PostMention.post_id, PostMention.person_id).order_by(PostMention.post_id, PostMention.person_id)
    for post_id, person_id in db.session.execute(named):
        post = posts[post_id]
        if person_id != post.author_id and (stage.now - post.created_at).days < 60:
            title = f"{people[post.author_id].call_name} named you in “{titles[post.topic_id]}”"
            rows.append(_row("mention", person_id, post, title, stage, rng))
    return rows


def _replies(stage: Stage, people: dict[int, Person], titles: dict[int, str], rng: Random) -> Rows:
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in stage.posts:
        posts[post.topic_id].append(post)
    rows: Rows = []
    followed = select(TopicReader.person_id, TopicReader.topic_id, TopicReader.last_read)
    followed = followed.where(TopicReader.level == "follow").order_by(TopicReader.person_id, TopicReader.topic_id)
    for person_id, topic_id, last_read in db.session.execute(followed):
        new = [
            post
            for post in posts[topic_id]
            if post.number > last_read and post.state == "visible" and post.author_id != person_id
        ]
        if new and (stage.now - new[0].created_at).days < 60 and people[person_id].listed:
            title = f"{people[new[0].author_id].call_name} replied in “{titles[topic_id]}”"
            if len(new) >= 3:
                title = f"{len(new)} replies in “{titles[topic_id]}”"
            rows.append(_row("reply", person_id, new[0], title, stage, rng) | {"count": len(new)})
    return rows


def _row(kind: str, person_id: int, post: Post, title: str, stage: Stage, rng: Random) -> dict[str, Any]:
    at = post.created_at
    read = at if kind == "mention" and (stage.now - at).days > 4 else None
    return {
        "public_id": public_id(rng), "person_id": person_id, "kind": kind, "group_key": f"topic:{post.topic_id}",
        "title": title[:300], "url": f"/posts/{post.public_id}", "actor_id": post.author_id, "count": 1, "created_at": at,
        "updated_at": at, "read_at": read, "mailed_at": None,
    }  # fmt: skip
