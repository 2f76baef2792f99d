"""A board has an audience, a purpose, moderators and rules; it holds topics, which hold numbered posts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

STARTERS = ("readers", "staff", "moderators")
POST_STATES = ("visible", "held", "hidden", "withdrawn", "moved")


class BoardSection(Model):
    """A heading under which boards stand."""

    __tablename__ = "board_section"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int] = mapped_column(default=0)


class Board(Model):
    """A place for discussion."""

    __tablename__ = "board"
    __table_args__ = (
        CheckConstraint(f"starters IN {STARTERS}", name="starters"),
        CheckConstraint("(home_url = '') = (section_id IS NOT NULL)", name="section"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(60))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("board_section.id"), index=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    purpose: Mapped[str] = mapped_column(String(300), default="")
    rules: Mapped[str] = mapped_column(Text, default="")
    rules_html: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    starters: Mapped[str] = mapped_column(String(10), default="readers")
    topic_count: Mapped[int] = mapped_column(default=0)
    post_count: Mapped[int] = mapped_column(default=0)
    last_topic_id: Mapped[int | None]
    last_posted_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    # The page whose comments it holds ("/news"); such a board stands in no list of boards and nobody starts topics on it.
    home_url: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    section: Mapped[BoardSection] = related()


class BoardAudience(Model):
    """One line of who may read a board: a kind of relation in a phase, a group, or a role."""

    __tablename__ = "board_audience"
    __table_args__ = (
        CheckConstraint("phase IN ('any','former','current')", name="phase"),
        CheckConstraint(
            "CASE WHEN relation_kind IS NULL THEN 0 ELSE 1 END + CASE WHEN group_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN role IS NULL THEN 0 ELSE 1 END = 1",
            name="one_of",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id", ondelete="CASCADE"), index=True)
    relation_kind: Mapped[str | None] = mapped_column(String(10))  # employee | customer | partner | any
    phase: Mapped[str] = mapped_column(String(8), default="any")
    group_id: Mapped[int | None] = mapped_column(ForeignKey("member_group.id", ondelete="CASCADE"), index=True)
    role: Mapped[str | None] = mapped_column(String(20))


class BoardModerator(Model):
    """A member trusted with a board."""

    __tablename__ = "board_moderator"

    board_id: Mapped[int] = mapped_column(ForeignKey("board.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)


class Topic(Model):
    """A conversation; its counters are columns, changed by the action that changes what they count (T2)."""

    __tablename__ = "topic"
    __table_args__ = (
        Index("ix_topic_board_list", "board_id", "is_pinned", "last_posted_at", "id"),
        Index("ix_topic_recent", "last_posted_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(80))
    home_url: Mapped[str] = mapped_column(String(120), default="")  # the thing that it comments, whose page shows it
    is_pinned: Mapped[bool] = mapped_column(default=False)
    is_locked: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)  # its first post is not to be read
    last_number: Mapped[int] = mapped_column(default=0)
    post_count: Mapped[int] = mapped_column(default=0)  # posts that can be read
    last_posted_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    board: Mapped[Board] = related()
    author: Mapped[Person] = related(foreign_keys=[author_id])

    def begins_with(self, number: int) -> bool:
        """Whether the post with this number stands for the topic; comments are begun by what they comment."""
        return number == 1 and not self.home_url


class Post(Model):
    """A numbered contribution; its number is never given twice nor changed (M2), its HTML is rendered once a revision."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("topic_id", "number"),
        CheckConstraint(f"state IN {POST_STATES}", name="state"),
        Index("ix_post_author", "author_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"), index=True)  # the topic's, for search and visibility
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    cook_version: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="visible")
    state_reason: Mapped[str] = mapped_column(String(200), default="")
    is_official: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime | None]
    thanks_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    topic: Mapped[Topic] = related()
    author: Mapped[Person] = related()


class PostRevision(Model):
    """What a post said before an edit."""

    __tablename__ = "post_revision"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class PostMention(Model):
    """Whom a post names, so that it can be shown anew when the name changes (R18)."""

    __tablename__ = "post_mention"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class PostThanks(Model):
    """A member's thanks for a post."""

    __tablename__ = "post_thanks"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    given_at: Mapped[datetime] = mapped_column(default=clock.now)


class TopicReader(Model):
    """A member's place in a topic: only forward, one row, never one per post; and whether they follow or mute it."""

    __tablename__ = "topic_reader"
    __table_args__ = (
        CheckConstraint("level IN ('','follow','mute')", name="level"),
        Index("ix_topic_reader_followed", "person_id", "topic_id", sqlite_where=text("level = 'follow'"),
              postgresql_where=text("level = 'follow'")),
    )  # fmt: skip

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, index=True)
    last_read: Mapped[int] = mapped_column(default=0)
    level: Mapped[str] = mapped_column(String(6), default="")
    read_at: Mapped[datetime] = mapped_column(default=clock.now)


class BoardReader(Model):
    """When a member last looked at a board, and until when everything in it counts as read."""

    __tablename__ = "board_reader"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id", ondelete="CASCADE"), primary_key=True, index=True)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_until: Mapped[datetime | None]


class Draft(Model):
    """What somebody is writing: kept on the server 3 s after a pause, one a place."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(40))  # topic:<public id> or board:<public id>
    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
