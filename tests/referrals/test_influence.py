""" "I brought you in here": told by a member, confirmed or not by somebody else, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.core.db import db
from portal.referrals.models import InfluenceStory

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make

WHAT = "I told their buyer about the yard trial over lunch, and she called you the week after."


def test_a_story_is_told_answered_and_read(browse: Browser, make: Make) -> None:
    ada, sam = make.member("Ada Lovelace"), make.member(roles=("staff",))
    told = (
        browse.as_(ada).open("referrals.influence").submit("Tell it", company="Heron Foods", when="2019-06", what=WHAT)
    )
    assert "waits for an answer" in told.words
    page = browse.as_(sam).open("pipeline.stories")
    assert WHAT in page.words
    assert page.submit("It was so", reason="").status == 422
    long = "She wrote to us first. " * 60
    refused = page.submit("It was so", reason=long, confirmed="yes")
    assert refused.status == 422
    assert "Say why, in 2 to 1,000 characters" in refused.words
    assert long.strip() in refused.words, "nothing that was typed is lost"
    page.submit("It was so", reason="The first mail names her.", confirmed="yes")
    mine = browse.as_(ada).open("referrals.influence").words
    assert "confirmed" in mine
    assert "The first mail names her." in mine
    assert "Your story about Heron Foods is confirmed" in browse.as_(ada).open("notifications.index").words
    assert "Heron Foods" in browse.as_(sam).open("pipeline.stories", state="answered").words


def test_nobody_answers_their_own_and_only_staff_and_managers_read(browse: Browser, make: Make) -> None:
    """Truth table through the door: sellers, executives, members find no such page."""
    sam = make.member(roles=("staff",))
    browse.as_(sam).open("referrals.influence").submit("Tell it", company="Heron", when="2020", what=WHAT)
    assert "It was so" not in browse.as_(sam).open("pipeline.stories").words
    story = db.session.execute(select(InfluenceStory)).scalar_one()
    other = browse.as_(make.member(roles=("manager",))).open("pipeline.stories")
    assert "It was so" in other.words
    for roles in ((), ("seller",), ("executive",), ("admin",)):
        assert browse.as_(make.member(roles=roles)).get("/programme/referrals/influence").status == 404
    assert story.state == "told"


def test_a_story_needs_a_firm_a_time_and_words(browse: Browser, make: Make) -> None:
    page = (
        browse.as_(make.member()).open("referrals.influence").submit("Tell it", company="", when="2999", what="Short")
    )
    assert page.status == 422
    assert "Say which firm it was" in page.words
