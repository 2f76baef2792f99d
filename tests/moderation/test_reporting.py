"""Reporting: a member's flag, the case it opens, and the third reporter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal.boards.models import Board, Topic
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.errors import Invalid
from portal.moderation import actions, queries
from portal.moderation.models import Case, Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make
    from tests.moderation.conftest import Story


def test_a_member_reports_a_post_and_a_moderator_finds_it(browse: Browser, story: Story) -> None:
    page = browse.as_(story.reader).open("moderation.report", kind="post", public_id=story.post.public_id)
    assert "You are all fools" in page.words
    page = page.submit("Send the report", reason="attack", words="This is too much.")
    assert page.heading == "Thank you, it has arrived"
    queue = browse.as_(story.moderator).open("moderation.queue")
    assert "The night train" in queue.words
    assert "Personal attack" in queue.words
    case = queue.follow("The night train")
    assert "This is too much." in case.words
    assert "Reader Rob" in case.words


def test_who_reported_twice_reported_once(browse: Browser, story: Story) -> None:
    story.report(story.reader)
    page = browse.as_(story.reader).open("moderation.report", kind="post", public_id=story.post.public_id)
    assert "You have reported this already" in page.words
    with pytest.raises(Invalid, match="already"):
        story.report(story.reader)
    db.session.rollback()
    assert db.session.execute(select(func.count()).select_from(Report)).scalar_one() == 1


def test_criticism_of_the_company_is_no_reason(browse: Browser, story: Story) -> None:
    """M3: the list is closed."""
    page = browse.as_(story.reader).open("moderation.report", kind="post", public_id=story.post.public_id)
    answer = page.submit("Send the report", reason="criticism", words="They say bad things about us.")
    assert answer.status == 422
    assert "Choose the rule" in answer.words
    assert "They say bad things" in answer.text


def test_nobody_reports_their_own_words(browse: Browser, story: Story) -> None:
    page = browse.as_(story.author).open("moderation.report", kind="post", public_id=story.post.public_id)
    assert page.status == 403


def test_what_one_may_not_read_one_cannot_report(browse: Browser, make: Make) -> None:
    """M1."""
    board = make.board(audiences=({"role": "executive"},))
    inside = make.member(roles=("executive",))
    topic = make.topic(board, author=inside)
    post = make.reply(topic, inside)
    outsider = browse.as_(make.member())
    assert outsider.open("moderation.report", kind="post", public_id=post.public_id).status == 404
    assert outsider.open("moderation.report", kind="post", public_id="nothing").status == 404
    assert outsider.open("moderation.report", kind="spaceship", public_id=post.public_id).status == 404


def test_a_day_has_twenty_reports(browse: Browser, make: Make, story: Story) -> None:
    browser = browse.as_(story.reader)
    posts = [make.reply(story.topic, story.author, f"Words {n}") for n in range(21)]
    pages = [browser.open("moderation.report", kind="post", public_id=post.public_id) for post in posts]
    answers = [page.submit("Send the report", reason="spam").status for page in pages]
    assert answers == [200] * 20 + [429]


def test_the_third_reporter_hides_the_post_until_a_moderator_looks(
    browse: Browser, make: Make, story: Story, outbox: Any
) -> None:
    """M4."""
    for reporter in (make.member(), make.member()):
        story.report(reporter)
    assert story.state() == "visible"
    case = story.report(make.member())
    assert story.state() == "hidden"
    assert (
        "three members reported it"
        in browse.as_(story.reader).open("boards.topic", public_id=story.topic.public_id).words
    )
    assert "hidden until you look" in browse.as_(story.moderator).open("moderation.queue").words
    assert "3 reports" in browse.as_(story.moderator).open("moderation.queue").words
    assert "hidden until a moderator has looked" in outbox.last(f"person{story.author.id}@example.org").text
    assert "Three members reported" in browse.as_(story.author).open("moderation.standing").words
    story.decide(case, "restore", by=story.moderator)
    assert story.state() == "visible"


def test_what_a_moderator_left_standing_is_not_hidden_by_reports_again(make: Make, story: Story) -> None:
    """M4: reports hide until a moderator looks; one has looked."""
    story.decide(story.report(story.reader), "stand", by=story.moderator)
    for _ in range(4):
        story.report(make.member())
    assert story.state() == "visible"


def test_an_edit_after_the_look_counts_as_new_words(make: Make, story: Story) -> None:
    from portal.boards.actions import edit_post
    from portal.boards.queries import any_post

    story.decide(story.report(story.reader), "stand", by=story.moderator)
    edit_post(any_post(story.post.public_id), "Something much worse.", 1, by=viewer_of(story.author.id))
    db.session.commit()
    for _ in range(3):
        story.report(make.member())
    assert story.state() == "hidden"


def test_three_reporters_at_once_hide_once(app: Portal, make: Make, story: Story) -> None:
    """M4, T2: parallel reports are counted by the database."""
    reporters = [make.member().id for _ in range(6)]

    def report(person_id: int) -> None:
        with app.app_context():
            by = viewer_of(person_id)
            try:
                thing = queries.reportable("post").find(by, story.post.public_id)
            except Exception:  # noqa: BLE001 - it was hidden meanwhile: that reporter came too late
                return
            actions.report_thing(thing, "attack", by=by)
            db.session.commit()
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(report, reporters))
    case = db.session.execute(select(Case)).scalar_one()
    reports = db.session.execute(select(func.count()).select_from(Report).where(Report.state == "open")).scalar_one()
    assert case.reports_count == reports >= 3
    assert case.hidden_automatically
    assert story.state() == "hidden"
    counted = db.session.execute(select(Topic.post_count).where(Topic.id == story.topic.id)).scalar_one()
    assert counted == 1
    assert db.session.execute(select(Board.post_count).where(Board.id == story.board.id)).scalar_one() == 1


def test_the_reporter_hears_what_came_of_it_and_nothing_of_whom(
    browse: Browser, make: Make, story: Story, work: Callable[[], int]
) -> None:
    other = make.reply(story.topic, story.author, "Quite harmless.")
    thing = queries.reportable("post").find(viewer_of(story.reader.id), other.public_id)
    harmless = actions.report_thing(thing, "spam", by=viewer_of(story.reader.id))
    db.session.commit()
    story.decide(story.report(story.reader), "hide", by=story.moderator)
    story.decide(harmless, "stand", by=story.moderator)
    words = browse.as_(story.reader).open("notifications.index").words
    assert "was acted on" in words
    assert "was left standing" in words
    assert "Author Ann" not in words
    standing = browse.as_(story.reader).open("moderation.standing").words
    assert "It was acted on" in standing
    assert "It was left standing" in standing
