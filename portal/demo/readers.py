"""What members did beside writing: thanked, followed, read up to some place, and left the rest unread."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from portal.boards.models import BoardReader, Draft, Post, PostThanks, Topic, TopicReader
from portal.core.db import db
from portal.demo.rooms import ROOMS
from portal.demo.stage import GRACE, Stage

if TYPE_CHECKING:
    from random import Random

    from portal.demo.sheets import Sheet
    from portal.people.models import Person

Rows = list[dict[str, Any]]
HORIZON = timedelta(days=60)


def add_thanks(stage: Stage) -> None:
    """Thanks, most for the long and the old posts, none by people who could not read them."""
    rng, rows = stage.dice("thanks"), []
    readers = _readers(stage)
    for post in stage.posts:
        if post.state == "visible":
            rows += _thanks_for(stage, post, readers[post.board_id], rng)
    db.session.execute(insert(PostThanks), rows)
    db.session.flush()


def _thanks_for(stage: Stage, post: Post, readers: list[Person], rng: Random) -> Rows:
    liked = rng.paretovariate(1.3) - 1 + len(post.body) / 500
    able = [
        person for person in readers if person.id != post.author_id and (person.claimed_at or stage.now) < stage.now
    ]
    chosen = rng.sample(able, min(len(able), int(liked), 18))
    rows = []
    for person in chosen:
        earliest = max(post.created_at, person.claimed_at or post.created_at)
        at = min(earliest + timedelta(hours=rng.expovariate(1 / 30)), stage.now - GRACE)
        rows.append({"post_id": post.id, "person_id": person.id, "given_at": max(at, earliest)})
    post.thanks_count = len(rows)
    return rows


def _readers(stage: Stage) -> dict[int, list[Person]]:
    today = stage.now.date()
    return {
        stage.boards[slug].id: [person for sheet, person in stage.members() if room.is_open_to(sheet, today)]
        for slug, room in ROOMS.items()
    }


def add_places(stage: Stage) -> None:
    """How far each member has read: everything they wrote in, a part of the rest, nothing since their last visit."""
    rng = stage.dice("places")
    posts: dict[int, list[Post]] = {}
    for post in stage.posts:
        posts.setdefault(post.topic_id, []).append(post)
    topics: Rows = []
    boards: Rows = []
    for sheet, person in stage.members():
        seen = _last_visit(stage, sheet, rng)
        open_boards = {
            stage.boards[slug].id for slug, room in ROOMS.items() if room.is_open_to(sheet, stage.now.date())
        }
        boards += [
            {"person_id": person.id, "board_id": board, "seen_at": seen, "read_until": None}
            for board in sorted(open_boards)
        ]
        for _, topic in stage.topics:
            if topic.board_id in open_boards:
                topics += _place(topic, posts[topic.id], person, seen, stage, rng)
    db.session.execute(insert(TopicReader), topics)
    db.session.execute(insert(BoardReader), boards)
    _drafts(stage)


def _last_visit(stage: Stage, sheet: Sheet, rng: Random) -> datetime:
    """People with a fixed sign-in were here four days ago, so that they find something new."""
    if sheet.sign_in:
        return stage.now - timedelta(days=4, hours=rng.randint(0, 9))
    if "new" in sheet.marks:
        return stage.now - timedelta(hours=rng.randint(1, 4))
    return stage.now - timedelta(days=min(rng.expovariate(1 / 12), 200), hours=1)


def _place(topic: Topic, posts: list[Post], person: Person, seen: datetime, stage: Stage, rng: Random) -> Rows:
    wrote = [post.number for post in posts if post.author_id == person.id]
    fresh = stage.now - topic.last_posted_at < HORIZON
    if not wrote and rng.random() > (0.6 if fresh else 0.08):
        return []
    read = [post.number for post in posts if post.created_at <= seen]
    last = max([*read, *wrote], default=0)
    if not last:
        return []
    level = "follow" if wrote or rng.random() < 0.12 else "mute" if rng.random() < 0.01 else ""
    at = max(seen, next(post.created_at for post in posts if post.number == last))
    return [{"person_id": person.id, "topic_id": topic.id, "last_read": last, "level": level, "read_at": at}]


DRAFTS = (
    (
        "maggie",
        "where-now",
        "Does anybody still have the yellow watchdog poster?",
        "It hung in the firmware corner until about 2009, between the",
    ),
    ("eamon", "former-customers", "", "What nobody tells you about leaving is that the fire alarm still"),
)


def _drafts(stage: Stage) -> None:
    for name, board, title, body in DRAFTS:
        place = f"board:{stage.boards[board].public_id}"
        person = stage.by_sign_in(name)
        saved = stage.now - timedelta(days=4)
        db.session.add(Draft(person_id=person.id, place=place, title=title, body=body, saved_at=saved))
