"""The loaded community, a copy for each module: loading takes some seconds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.boards.models import Post, Topic
from portal.core.db import db
from portal.demo import load
from portal.demo.stage import Stage
from portal.people.models import Person
from portal.profiles.models import ProfileEntry
from tests import databases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.core.application import Portal
    from tests.databases import Postgres, SQLite


@dataclass(frozen=True)
class Community:
    """What was loaded, and where."""

    app: Portal
    stage: Stage


def fingerprint() -> str:
    """A digest of everything that members read of the community, in its order."""
    texts = (
        select(Person.public_id, Person.full_name).where(~Person.is_system).order_by(Person.id),
        select(Topic.public_id, Topic.title, Topic.post_count).order_by(Topic.id),
        select(Post.public_id, Post.html, Post.thanks_count).order_by(Post.topic_id, Post.number),
        select(ProfileEntry.field, ProfileEntry.value, ProfileEntry.audience)
        .where(ProfileEntry.field != "photo")
        .order_by(ProfileEntry.id),
    )
    rows = [tuple(row) for statement in texts for row in db.session.execute(statement)]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@pytest.fixture(scope="module")
def community(database: SQLite | Postgres) -> Iterator[Community]:
    """The demo community in a house of its own."""
    with databases.demo(database) as app:
        stage = Stage(load.SEED)
        stage.people = {person.full_name: person for person in db.session.scalars(select(Person))}
        stage.posts = list(db.session.scalars(select(Post).order_by(Post.created_at)))
        yield Community(app, stage)
