"""Posts: written, edited with history, withdrawn, thanked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from portal.boards import policies, telling
from portal.boards.actions import pace
from portal.boards.actions.reading import reached
from portal.boards.cooking import Cooked, cook
from portal.boards.index import POSTS
from portal.boards.models import Board, Post, PostMention, PostRevision, PostThanks, Topic
from portal.boards.signals import post_held, post_state_changed
from portal.core import clock
from portal.core.db import add, change, db, upsert
from portal.core.errors import Conflict
from portal.core.jobs import enqueue
from portal.core.policy import require
from portal.core.settings import get

if TYPE_CHECKING:
    from portal.core.access import Viewer

WAITS = "A new member's link waits for a moderator."
CLOSED = "This topic is closed to replies."
SUSPENDED_OR_CLOSED = "You can't write here now: the topic is closed, or your account is paused."


def post_reply(topic: Topic, body: str, *, official: bool = False, by: Viewer, cooked: Cooked | None = None) -> Post:
    """Add the reply, move the topic up and let its followers be told; `cooked` is the body rendered beforehand."""
    require(policies.can_reply(by, topic), SUSPENDED_OR_CLOSED if by.is_suspended else CLOSED)
    pace.check_replies(by)
    post = write_post(topic, cooked or cook(body), official=official, by=by)
    enqueue(telling.tell_about_post, post.id)
    return post


def write_post(topic: Topic, cooked: Cooked, *, official: bool = False, by: Viewer) -> Post:
    """The next post of a topic, with everything that follows from it; a new member's links wait for a moderator."""
    require(by.person_id is not None, "Please sign in first.")
    held = _waits(cooked.links, topic.board_id, by)
    post = add(
        Post(topic_id=topic.id, board_id=topic.board_id, number=_take_number(topic, by, held), author_id=by.person_id, body=cooked.body,
             html=cooked.html, cook_version=cooked.version, state="held" if held else "visible",
             state_reason=WAITS if held else "", is_official=official and by.is_staff)
    )  # fmt: skip
    _remember_mentions(post, cooked)
    if held:
        post_held.send(None, post=post, by=by)
    else:
        POSTS.put(post.id, f"{topic.title if topic.begins_with(post.number) else ''} {cooked.plain}")
        _count_on_board(topic)
    reached(topic.id, post.number, follow=True, by=by)
    return post


def _waits(links: int, board_id: int, by: Viewer) -> bool:
    return policies.is_new(by) and not by.system and links > 0 and not policies.can_moderate(by, board_id)


def _take_number(topic: Topic, by: Viewer, held: bool) -> int:
    """The next number, by the database: two writers can't take the same one (M2)."""
    statement, params = (_NUMBER_HELD, {}) if held else (_NUMBER, {"at": clock.now(), "by": by.person_id})
    db.session.flush()
    row = change(statement, topic=topic.id, **params).one()
    for name, value in row._mapping.items():  # noqa: SLF001 - the documented way to a row's mapping
        set_committed_value(topic, name, value)
    return int(row.last_number)


def _count_on_board(topic: Topic) -> None:
    change(_COUNT, board=topic.board_id, topic=topic.id, at=clock.now())


_TOPIC: Any = Topic.__table__
_BOARD: Any = Board.__table__
_AT: Any = bindparam("at", type_=_TOPIC.c.last_posted_at.type)
_NUMBER_HELD = (
    update(_TOPIC).where(_TOPIC.c.id == bindparam("topic")).values(last_number=_TOPIC.c.last_number + 1)
    .returning(_TOPIC.c.last_number, _TOPIC.c.post_count, _TOPIC.c.last_posted_at, _TOPIC.c.last_author_id)
)  # fmt: skip
_NUMBER = _NUMBER_HELD.values(post_count=_TOPIC.c.post_count + 1, last_posted_at=_AT, last_author_id=bindparam("by"))
_COUNT = (
    update(_BOARD).where(_BOARD.c.id == bindparam("board"))
    .values(post_count=_BOARD.c.post_count + 1, last_topic_id=bindparam("topic"), last_posted_at=_AT)
)  # fmt: skip


def edit_post(post: Post, body: str, version: int, *, by: Viewer, cooked: Cooked | None = None) -> None:
    """Write a post anew; what it said before is kept. Somebody else's edit in between is a conflict with both texts."""
    require(policies.can_edit(by, post, post.topic), "This post can't be edited any more.")
    if post.version != version:
        raise _stale(post, body)
    if body == post.body:
        return
    cooked = cooked or cook(body)
    if not _is_quiet(post):
        _keep_revision(post)
    taken = db.session.execute(
        update(Post).where(Post.id == post.id, Post.version == version)
        .values(version=version + 1, body=cooked.body, html=cooked.html, cook_version=cooked.version, edited_at=post.edited_at)
    )  # fmt: skip
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise _stale(post, body)
    db.session.refresh(post, ["version", "body", "html"])
    db.session.execute(delete(PostMention).where(PostMention.post_id == post.id))
    _remember_mentions(post, cooked)
    if post.state == "visible":
        POSTS.put(post.id, f"{post.topic.title if post.topic.begins_with(post.number) else ''} {cooked.plain}")


def _stale(post: Post, body: str) -> Conflict:
    sentence = "This post was changed in another window while you were editing."
    return Conflict(sentence, theirs=post.body, yours=body, version=post.version)


def _keep_revision(post: Post) -> None:
    at = post.edited_at or post.created_at
    add(PostRevision(post_id=post.id, version=post.version, body=post.body, html=post.html, written_at=at))
    post.edited_at = clock.now()


def _is_quiet(post: Post) -> bool:
    """An edit within five minutes of a post that nobody has answered leaves no mark."""
    fresh = (clock.now() - post.created_at).total_seconds() < get("quiet_edit_minutes") * 60
    return fresh and post.edited_at is None and post.topic.last_number == post.number


def withdraw_post(post: Post, *, by: Viewer) -> None:
    """The author takes the words back; a placeholder keeps the number (M2)."""
    require(policies.can_withdraw(by, post), "You can only withdraw your own posts.")
    change_state(post, "withdrawn", "", by=by)


def bring_back_post(post: Post, *, by: Viewer) -> None:
    """The author's withdrawn words again, within thirty days; what waits for a moderator waits again."""
    require(policies.can_bring_back(by, post), "This post can't be brought back any more.")
    waits = _waits(cook(post.body).links, post.board_id, by)
    change_state(post, "held" if waits else "visible", WAITS if waits else "", by=by)
    if waits:
        post_held.send(None, post=post, by=by)


def answer_held(post: Post, *, by: Viewer) -> None:
    """A moderator lets a held post through."""
    require(
        policies.can_moderate(by, post.board_id) and not by.is_person(post.author_id),
        "You can't decide about this post.",
    )
    if post.state == "held":
        change_state(post, "visible", "", by=by)
        db.session.execute(
            update(Topic)
            .where(Topic.id == post.topic_id)
            .values(last_posted_at=clock.now(), last_author_id=post.author_id)
        )
        enqueue(telling.tell_about_post, post.id)


def change_state(post: Post, state: str, reason: str, *, by: Viewer) -> None:
    """Show or hide a post; counters and the search index follow in the same step."""
    require(by.person_id is not None, "Please sign in first.")
    if post.state == state:
        post.state_reason = reason
        return
    before = post.state
    shown = (state == "visible") - (post.state == "visible")
    post.state, post.state_reason = state, reason
    if shown:
        db.session.execute(update(Topic).where(Topic.id == post.topic_id).values(post_count=Topic.post_count + shown))
        db.session.execute(update(Board).where(Board.id == post.board_id).values(post_count=Board.post_count + shown))
    if post.topic.begins_with(post.number):
        _show_topic(post, state)
    if state == "visible":
        POSTS.put(post.id, f"{post.topic.title if post.topic.begins_with(post.number) else ''} {cook(post.body).plain}")
    else:
        POSTS.remove(post.id)
    post_state_changed.send(None, post=post, before=before, by=by)


def _show_topic(post: Post, state: str) -> None:
    hidden = state in ("hidden", "held")
    if post.topic.is_hidden != hidden:
        post.topic.is_hidden = hidden
        step = -1 if hidden else 1
        db.session.execute(update(Board).where(Board.id == post.board_id).values(topic_count=Board.topic_count + step))


def thank(post: Post, *, by: Viewer) -> bool:
    """Thank for a post, or take the thanks back; whether it is thanked now."""
    require(policies.can_thank(by, post), "You can thank others for posts that can be read.")
    mine = (PostThanks.post_id == post.id, PostThanks.person_id == by.person_id)
    removed = db.session.execute(delete(PostThanks).where(*mine)).rowcount  # type: ignore[attr-defined]
    step = -1 if removed else 1
    if not removed:
        values = {"post_id": post.id, "person_id": by.person_id, "given_at": clock.now()}
        if not db.session.execute(upsert(PostThanks.__table__, values, keys=["post_id", "person_id"])).rowcount:  # type: ignore[attr-defined]
            step = 0
    db.session.execute(update(Post).where(Post.id == post.id).values(thanks_count=Post.thanks_count + step))
    return not removed


def _remember_mentions(post: Post, cooked: Cooked) -> None:
    if cooked.mentioned:
        from portal.people.models import Person

        ids = select(Person.id).where(Person.public_id.in_(cooked.mentioned), Person.listed)
        found = list(db.session.scalars(ids))
        if found:
            db.session.execute(
                insert(PostMention), [{"post_id": post.id, "person_id": person_id} for person_id in found]
            )
