"""A profile is rows of values, each with an audience: so one where-clause decides who sees it (P1)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.careers.models import AUDIENCE_CHECK
from portal.core import clock
from portal.core.db import Model, PublicId
from portal.core.search import SearchIndex

SINGLE = ("headline", "about", "place", "phone", "contact_note", "photo")  # one value each
LISTS = ("skill", "language", "link")  # many values, one audience for all of them
FIELDS = SINGLE + LISTS
LONGEST = {
    "headline": 120, "about": 4000, "place": 80, "phone": 40, "contact_note": 300, "photo": 120, "skill": 40,
    "language": 40, "link": 300,
}  # fmt: skip
MOST = {"skill": 30, "language": 12, "link": 8}  # how many values a list may have
PHOTO_AUDIENCES = ("public", "members")  # it stands beside everything that a member writes
SOURCES = ("name", "former", "headline", "about", "place", "skill", "language", "career")

WORDS = SearchIndex("person")  # every term, by whole words and beginnings
NAMES = SearchIndex("person_name", typos=True)  # names alone, in spite of typing errors


class Shown(NamedTuple):
    """What a field shows, to whom; `labels` say what links are called."""

    values: tuple[str, ...]
    audience: str = "members"
    labels: tuple[str, ...] = ()


def usual_audience(field: str) -> str:
    """Who sees a field unless its person says otherwise: ways to reach somebody only after both agreed (P2)."""
    return "connections" if field in ("phone", "contact_note") else "members"


class ProfileEntry(Model):
    """One value that a person shows to an audience: a headline, a skill, a link, the key of the photo."""

    __tablename__ = "profile_entry"
    __table_args__ = (
        CheckConstraint(f"field IN {FIELDS}", name="field"),
        CheckConstraint(AUDIENCE_CHECK, name="audience"),
        Index("uq_profile_entry_single", "person_id", "field", unique=True,
              sqlite_where=text(f"field IN {SINGLE}"), postgresql_where=text(f"field IN {SINGLE}")),
        Index("uq_profile_entry_value", "person_id", "field", "folded", unique=True),
        Index("ix_profile_entry_field_folded", "field", "folded"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    field: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(String(60), default="")  # what a link is called
    html: Mapped[str] = mapped_column(Text, default="")  # "about", rendered once
    folded: Mapped[str] = mapped_column(String(200), default="")  # how filters compare places, skills and languages
    audience: Mapped[str] = mapped_column(String(12), default="members")
    position: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class FormerName(Model):
    """A name that a person had, for those whom they let know; until they say so, for themselves alone."""

    __tablename__ = "former_name"
    __table_args__ = (
        CheckConstraint(AUDIENCE_CHECK, name="audience"),
        Index("uq_former_name", "person_id", "name", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(120))
    audience: Mapped[str] = mapped_column(String(12), default="only_me")
    until: Mapped[datetime] = mapped_column(default=clock.now)


CALLED = " / "  # between a name and what its person is called, where that is another name


class PersonTerm(Model):
    """Something a member is found by, with the audience of where it stands; kept in step by `refresh_terms`.

    `id` is the row's id in the search indexes: `WORDS` holds all terms, `NAMES` those of sources "name" and "former".
    Everybody who can be met has one term of source "name", and nobody else has any.
    """

    __tablename__ = "person_term"
    __table_args__ = (
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        CheckConstraint(AUDIENCE_CHECK, name="audience"),
        Index("ix_person_term_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    source: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(12))
    weight: Mapped[int]
