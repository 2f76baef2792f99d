"""The people of a story about moderation, and shortcuts for what happens again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.boards.models import Post
from portal.core.access import viewer_of
from portal.core.db import db
from portal.moderation import actions, queries
from portal.moderation.models import Case, Decision

if TYPE_CHECKING:
    from portal.people.models import Person
    from tests.factories import Make


def forget() -> None:
    """Read everything anew, and leave what the story holds as it is."""
    db.session.expunge_all()
    db.session.rollback()


class Story:
    """A board with an author's post, and those who look after it."""

    def __init__(self, make: Make, board: str = "Trains") -> None:
        self.make = make
        self.keeper = make.member("Keeper Kim")
        self.author = make.member("Author Ann")
        self.reader = make.member("Reader Rob")
        self.moderator = make.member("Moderator Mo", roles=("moderator",))
        self.board = make.board(board, moderators=(self.keeper,))
        self.topic = make.topic(self.board, author=make.member("Starter Sam"), title="The night train")
        self.post = make.reply(self.topic, self.author, "You are all fools and I mean it.")
        forget()

    def report(self, by: Person, reason: str = "attack", words: str = "") -> Case:
        """A report on the author's post."""
        thing = queries.reportable("post").find(viewer_of(by.id), self.post.public_id)
        case = actions.report_thing(thing, reason, words, by=viewer_of(by.id))
        db.session.commit()
        return case

    def decide(self, case: Case, verb: str, *, by: Person, reason: str = "attack", **more: Any) -> Decision:
        """A decision about a case."""
        fresh = queries.case_by_id(case.id)
        decision = actions.decide(
            fresh, actions.Order(verb, reason, more.pop("words", ""), **more), by=viewer_of(by.id)
        )
        db.session.commit()
        return queries.decision_by_id(decision.id)

    def taken_up(
        self, verb: str, *, by: Person, reason: str = "attack", kind: str = "post", thing_id: str = "", **more: Any
    ) -> Decision:
        """A decision at a moderator's own initiative."""
        thing = queries.reportable(kind).load(thing_id or self.post.public_id)
        return self.decide(
            actions.open_case(thing, "moderator", by=viewer_of(by.id)), verb, by=by, reason=reason, **more
        )

    def state(self) -> str:
        """The state of the author's post."""
        forget()
        return db.session.execute(select(Post.state).where(Post.id == self.post.id)).scalar_one()


@pytest.fixture
def story(make: Make) -> Story:
    """A board with an author's post, and those who look after it."""
    return Story(make)
