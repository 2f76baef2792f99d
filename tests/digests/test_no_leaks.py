"""M1, I11, P1: whatever the segment, a letter holds nothing of what its member may not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.boards.actions import follow, posts
from portal.boards.models import Post
from portal.core.access import viewer_of
from portal.core.db import db
from portal.digests import actions, emails
from tests.factories import open_session
from tests.house.test_leak_walk import SECRET, SEGMENTS, hide_things, person_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make


@pytest.fixture(autouse=True)
def tuesday() -> None:
    """Here it is any day."""


def hide_more(make: Make) -> Any:
    """A hidden topic and a hidden reply on an open board, beside what the leak walk hides; the open board."""
    mod = viewer_of(make.member(roles=("moderator",)).id)
    board = make.board("Open to all")
    author = make.member("Otto Open", relation="customer:former")
    hidden = make.topic(board, author=author, title=f"{SECRET} in the open?", body=f"{SECRET} to hide")
    posts.change_state(_with_topic(hidden, 1), "hidden", "off topic", by=mod)
    half = make.topic(board, author=author, title="Half hidden")
    make.reply(half, author, f"{SECRET} in a reply")
    posts.change_state(_with_topic(half, 2), "hidden", "off topic", by=mod)
    db.session.commit()
    return half


def _with_topic(topic: Any, number: int) -> Post:
    found = select(Post).where(Post.topic_id == topic.id, Post.number == number)
    return db.session.scalars(found.options(joinedload(Post.topic))).one()


@pytest.mark.parametrize("segment", [segment for segment in SEGMENTS if segment != "visitor"])
def test_a_letter_to_each_segment(segment: str, make: Make, work: Callable[[], int]) -> None:
    hide_things(make)
    half = hide_more(make)
    person = person_of(segment, make)
    assert person is not None
    open_session(person)
    follow(db.session.merge(half), "follow", by=viewer_of(person.id))
    work()
    viewer = viewer_of(person.id)
    letter = actions.next_letter(by=viewer)
    written = emails.render_letter(letter, person.id, viewer.call_name)
    for part in (written.subject, written.text, written.html):
        assert SECRET.lower() not in part.lower()
    assert "Half hidden" in written.text, "the letter does tell of the board"


def test_the_letter_of_who_may_see_it_does_tell(make: Make) -> None:
    """The test above can fail: a former customer reads of the board for former customers."""
    hide_things(make)
    viewer = viewer_of(make.member(relation="customer:former").id)
    assert SECRET in emails.render_letter(actions.next_letter(by=viewer), viewer.person_id or 0, "Ada").text


def test_the_page_shows_the_same_letter(make: Make, browse: Any, work: Callable[[], int]) -> None:
    hide_things(make)
    work()
    ada, ben = make.member(relation="customer:former"), make.member()
    assert SECRET in browse.as_(ada).open("digests.next_letter").words
    page = browse.as_(ben).open("digests.next_letter")
    assert page.status == 200
    assert SECRET not in page.words
    assert len(page.statements) <= 28
