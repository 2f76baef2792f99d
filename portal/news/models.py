"""A news item is one row for everyone, however many read it; beside it stand only answers, and marks of who opened it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.boards.models import Board, Topic
from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.people.models import Person

STATES = ("draft", "scheduled", "published", "withdrawn")
ASKS = ("", "choice", "words", "link")  # nothing, a question with choices, an open question, a link to follow
MAILINGS = ("", "going", "sent")  # no mail, being written to the outbox, all of it is there


class NewsItem(Model):
    """What the host tells: written as a draft, published once to an audience, perhaps corrected, perhaps taken back.

    The audience is chosen as lines while it is a draft. Publishing gives it the board of comments that has these lines,
    and from then on that board decides who sees the item, its comments and its mails (M1, decision 13).
    """

    __tablename__ = "news_item"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"ask IN {ASKS}", name="ask"),
        CheckConstraint(f"mailing IN {MAILINGS}", name="mailing"),
        CheckConstraint("state NOT IN ('published','withdrawn') OR board_id IS NOT NULL", name="board"),
        Index("ix_news_item_state_published_at", "state", "published_at", "id"),
        Index("ix_news_item_state_updated_at", "state", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    version: Mapped[int] = mapped_column(default=1)  # of the words; a correction keeps the one before
    title: Mapped[str] = mapped_column(String(160), default="")
    slug: Mapped[str] = mapped_column(String(80), default="")
    lead: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    has_comments: Mapped[bool] = mapped_column(default=True)
    ask: Mapped[str] = mapped_column(String(6), default="")
    question: Mapped[str] = mapped_column(String(200), default="")
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    link_label: Mapped[str] = mapped_column(String(60), default="")
    link_url: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    publish_at: Mapped[datetime | None]
    by_mail: Mapped[bool] = mapped_column(default=False)
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    held_because: Mapped[str] = mapped_column(String(300), default="")  # why it was not published at its time
    published_at: Mapped[datetime | None]
    board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), unique=True)
    corrected_at: Mapped[datetime | None]
    correction: Mapped[str] = mapped_column(String(300), default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str] = mapped_column(String(300), default="")

    mailing: Mapped[str] = mapped_column(String(6), default="")
    mail_cursor: Mapped[int] = mapped_column(default=0)  # up to this person the mails are in the outbox
    mail_count: Mapped[int] = mapped_column(default=0)
    # What became of them ("sent", "failed", "unknown", "cancelled", "waiting"), counted by a job: the outbox forgets.
    mail_figures: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    counted_at: Mapped[datetime | None]
    reader_count: Mapped[int] = mapped_column(default=0)
    answer_count: Mapped[int] = mapped_column(default=0)

    author: Mapped[Person] = related(foreign_keys=[author_id])
    board: Mapped[Board | None] = related()
    topic: Mapped[Topic | None] = related()


class NewsRevision(Model):
    """What an item said before a correction."""

    __tablename__ = "news_revision"

    news_id: Mapped[int] = mapped_column(ForeignKey("news_item.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    lead: Mapped[str] = mapped_column(String(400))
    html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class NewsAnswer(Model):
    """A member's answer to an item's question: one, which can be changed."""

    __tablename__ = "news_answer"

    news_id: Mapped[int] = mapped_column(ForeignKey("news_item.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    choice: Mapped[int | None]
    words: Mapped[str] = mapped_column(String(1000), default="")
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)


class NewsReader(Model):
    """A member who opened an item; nobody who did not has a row."""

    __tablename__ = "news_reader"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    news_id: Mapped[int] = mapped_column(ForeignKey("news_item.id", ondelete="CASCADE"), primary_key=True, index=True)
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)


class NewsPlace(Model):
    """Until when a member has seen the list of news: only forward."""

    __tablename__ = "news_place"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_until: Mapped[datetime]


class NewsDelivery(Model):
    """That an item was put into the outbox for a person: once, whatever happens to the job that does it (T2)."""

    __tablename__ = "news_delivery"

    news_id: Mapped[int] = mapped_column(ForeignKey("news_item.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    mail_id: Mapped[int]  # of the outbox, whose row is forgotten after some months


class NewsFeed(Model):
    """The secret address under which a member's news program reads what they may see; known by its digest alone."""

    __tablename__ = "news_feed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
