"""A person is a human being, once; identified by an opaque id and by nothing else (I1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model, PublicId, related
from portal.core.text import fold

HUES = 12


class Person(Model):
    """A human being, with or without an account; unclaimed, stepped back and remembered are states of one row."""

    __tablename__ = "person"
    __table_args__ = (
        # The people pages list by name; only claimed persons who have not stepped back are in it.
        # SQLite takes them only for the very words that a query has: a bare `Person.listed` is written "= 1".
        Index("ix_person_listed_name", "sort_name", "id", sqlite_where=text("listed = 1"), postgresql_where=text("listed")),
        # Home shows who came lately.
        Index("ix_person_listed_claimed_at", "claimed_at", "id", sqlite_where=text("listed = 1"),
              postgresql_where=text("listed")),
        # Imports look for namesakes, unclaimed ones too.
        Index("ix_person_sort_name", "sort_name"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    full_name: Mapped[str] = mapped_column(String(120))
    call_name: Mapped[str] = mapped_column(String(60))
    sort_name: Mapped[str] = mapped_column(String(120))
    photo: Mapped[str | None] = mapped_column(String(120))
    listed: Mapped[bool] = mapped_column(default=False)
    claimed_at: Mapped[datetime | None]
    stepped_back_at: Mapped[datetime | None]
    remembered_at: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # nothing but the row is left, for what others still need of it
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # whose double it was (I10)
    access_version: Mapped[int] = mapped_column(default=0)
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    shortcuts: Mapped[bool] = mapped_column(default=True)
    is_system: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    def take_name(self, full_name: str, call_name: str = "") -> None:
        """Take a name: one full name, and what to call the person (T5)."""
        self.full_name = full_name
        self.call_name = call_name or full_name.split(maxsplit=1)[0]
        self.sort_name = fold(full_name)

    @property
    def name(self) -> str:
        """The name that others see."""
        return self.full_name

    @property
    def url(self) -> str:
        """The person's own page, as a path."""
        return f"/people/{self.public_id}"

    @property
    def initials(self) -> str:
        """Up to two letters for a person without a photo."""
        return initials(self.full_name)

    @property
    def hue(self) -> int:
        """A stable colour, 0 to 11."""
        return self.id % HUES

    @property
    def photo_url(self) -> str | None:
        """Where the photo is served, if there is one."""
        return f"/photos/{self.photo}" if self.photo else None


def initials(name: str) -> str:
    """Up to two letters: of the first and the last word."""
    words = [word for word in name.split() if word[0].isalnum()] or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


class PersonRole(Model):
    """A role that a person holds or held: granted, dated, ended; never deleted."""

    __tablename__ = "person_role"
    __table_args__ = (
        Index("uq_person_role_open", "person_id", "role", unique=True, sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("role IN ('moderator','staff','seller','manager','executive','admin')", name="role"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = related(foreign_keys=[person_id])


class Group(Model):
    """A named set of members (chapter, cohort, circle) that audiences can use."""

    __tablename__ = "member_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    purpose: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class GroupMember(Model):
    """A person in a group."""

    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("member_group.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime] = mapped_column(default=clock.now)


class Block(Model):
    """A member's wish not to meet another: holds in people, mentions, hello, messages and mail."""

    __tablename__ = "block"

    blocker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)


class Connection(Model):
    """Two members who agreed to see each other's contact details; one row a pair, the lower id first."""

    __tablename__ = "connection"
    __table_args__ = (CheckConstraint("low_id < high_id", name="ordered"),)

    low_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)


class Canary(Model):
    """A made-up person who is in no conversation and no team: whoever opens the page walks through everybody (P3)."""

    __tablename__ = "canary"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    set_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = related(foreign_keys=[person_id])
