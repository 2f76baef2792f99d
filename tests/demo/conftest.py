"""The loaded community, once for the module: loading takes some seconds."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.boards.models import Post, Topic
from portal.core import memory
from portal.core.db import db
from portal.demo import load
from portal.people.models import Person
from portal.profiles.models import ProfileEntry
from tests.conftest import _empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.core.application import Portal
    from portal.demo.stage import Stage


@dataclass(frozen=True)
class Community:
    """What was loaded, where, and how much work it was."""

    app: Portal
    stage: Stage
    seconds: float


public_text: dict[int, str] = {}  # seed → what was loaded, so that the next load can be compared


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
def community(house: Portal) -> Iterator[Community]:
    """The demo community in an otherwise empty house."""
    with house.app_context():
        memory.forget()
        began = time.process_time()
        stage = load.load()
        db.session.commit()
        seconds = time.process_time() - began
        public_text[stage.seed] = fingerprint()
        yield Community(house, stage, seconds)
        db.session.remove()
        _empty()
        memory.forget()
