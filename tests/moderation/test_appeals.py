"""Appeals and reversals, the rules' page, and what is kept about a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.boards.models import Board, Post, Topic
from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.errors import Invalid, NotAllowed
from portal.moderation import actions, jobs, queries
from portal.moderation.models import Appeal, Case, Decision, Report
from portal.moderation.person_data import ModerationData
from portal.people.models import Person
from tests.moderation.conftest import forget

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make
    from tests.moderation.conftest import Story


def test_from_report_to_reversal(browse: Browser, make: Make, story: Story, outbox: Any) -> None:
    """M3: report → decision → notice → appeal → answered by somebody else → reversed → the log says so."""
    address = f"person{story.author.id}@example.org"
    reader, author = browse.as_(story.reader), browse.as_(story.author)
    decider, other = browse.as_(story.moderator), browse.as_(story.keeper)
    reader.open("moderation.report", kind="post", public_id=story.post.public_id).submit("Send", reason="attack")
    decider.open("moderation.queue").follow("The night train").submit("Decide and tell", verb="hide", reason="attack")
    link = outbox.link(address)
    assert "/my-standing" in link
    page = author.get(link).follow("Appeal")
    page = page.submit("Send the appeal", words="I was quoting the chorus of an old song.")
    assert "Appeal waits" in page.words
    assert "quoting the chorus" not in decider.open("moderation.queue", tab="appeals").words
    assert "Nothing waits" in decider.open("moderation.queue").words
    answer = other.open("moderation.queue").follow("The night train")
    assert "quoting the chorus" in answer.words
    answer.submit("Answer and tell", granted="yes", answer="It is indeed a song.")
    forget()
    assert story.state() == "visible"
    assert "taken back" in outbox.last(address).text
    assert "It is indeed a song." in author.open("moderation.standing").words
    assert "Appeal granted" in author.open("moderation.standing").words
    assert "taken back" in reader.open("moderation.log").words
    assert "You are all fools" in reader.open("boards.topic", public_id=story.topic.public_id).words


def test_a_refused_appeal_says_why_and_cannot_be_repeated(browse: Browser, story: Story, outbox: Any) -> None:
    decision = story.taken_up("warn", by=story.moderator)
    author = browse.as_(story.author)
    author.open("moderation.appeal", public_id=decision.public_id).submit("Send", words="That was not meant so.")
    appeal = db.session.execute(select(Appeal.public_id)).scalar_one()
    page = browse.as_(story.keeper).open("moderation.answer_appeal", public_id=appeal)
    assert page.submit("Answer and tell", granted="no", answer="").status == 422
    page.submit("Answer and tell", granted="no", answer="It read that way to everybody.")
    words = author.open("moderation.standing").words
    assert "Appeal turned down" in words
    assert "It read that way to everybody." in words
    assert "Another moderator" in outbox.last(f"person{story.author.id}@example.org").text
    assert author.open("moderation.appeal", public_id=decision.public_id).status == 403


def test_who_decided_does_not_answer_the_appeal(browse: Browser, story: Story) -> None:
    """M3."""
    decision = story.taken_up("warn", by=story.moderator)
    appeal = actions.open_appeal(
        queries.decision_by_id(decision.id), "That was not meant so.", by=viewer_of(story.author.id)
    )
    db.session.commit()
    assert browse.as_(story.moderator).open("moderation.answer_appeal", public_id=appeal.public_id).status == 404
    with pytest.raises(NotAllowed):
        actions.answer_appeal(queries.appeal_by_id(appeal.id), True, by=viewer_of(story.moderator.id))
    with pytest.raises(NotAllowed, match="While an appeal is open"):
        actions.reverse_decision(queries.decision_by_id(decision.id), "Oh well.", by=viewer_of(story.moderator.id))


def test_an_appeal_has_thirty_days(story: Story) -> None:
    decision = story.taken_up("warn", by=story.moderator)
    with time_machine.travel(clock.now() + timedelta(days=31)), pytest.raises(NotAllowed):
        actions.open_appeal(
            queries.decision_by_id(decision.id), "That was not meant so.", by=viewer_of(story.author.id)
        )


def test_nobody_appeals_for_somebody_else(browse: Browser, story: Story) -> None:
    decision = story.taken_up("warn", by=story.moderator)
    assert browse.as_(story.reader).open("moderation.appeal", public_id=decision.public_id).status == 404


def test_a_suspension_is_appealed_although_one_cannot_write(browse: Browser, make: Make, story: Story) -> None:
    decision = story.taken_up("suspend", by=story.moderator, until=clock.now() + timedelta(days=5))
    browser = browse.as_(story.author)
    browser.open("moderation.appeal", public_id=decision.public_id).submit("Send", words="Please look at it again.")
    appeal = db.session.execute(select(Appeal.public_id)).scalar_one()
    assert browse.as_(story.keeper).open("moderation.answer_appeal", public_id=appeal).status == 404
    admin = browse.as_(make.member(roles=("admin",)))
    admin.open("moderation.answer_appeal", public_id=appeal).submit("Answer and tell", granted="yes")
    forget()
    assert db.session.execute(select(Person.suspended_until).where(Person.id == story.author.id)).scalar_one() is None


def test_taking_back_one_of_two_pauses_leaves_the_other(story: Story) -> None:
    short = story.taken_up("suspend", by=story.moderator, until=clock.now() + timedelta(days=2))
    long = story.taken_up("suspend", by=story.moderator, until=clock.now() + timedelta(days=5))
    actions.reverse_decision(queries.decision_by_id(long.id), "Too long.", by=viewer_of(story.moderator.id))
    db.session.commit()
    forget()
    left = db.session.execute(select(Person.suspended_until).where(Person.id == story.author.id)).scalar_one()
    assert left == short.suspended_until


def test_a_reversal_puts_right_what_was_done(browse: Browser, make: Make, story: Story) -> None:
    other = make.board("Buses")
    moved = story.taken_up("move", by=story.moderator, reason="off_topic", board=other)
    locked = story.taken_up("lock", by=story.moderator, reason="duplicate")
    for decision in (moved, locked):
        page = browse.as_(story.moderator).open("moderation.decision", public_id=decision.public_id)
        assert page.submit("reverse", because="").status == 422
        page.submit("reverse", because="I mistook it for another.")
    forget()
    topic = db.session.execute(select(Topic).where(Topic.id == story.topic.id)).scalar_one()
    assert topic.board_id == story.board.id
    assert not topic.is_locked


def test_two_decisions_that_hide_need_two_reversals(story: Story) -> None:
    first = story.taken_up("hide", by=story.moderator)
    second = story.decide(queries.case_by_id(first.case_id), "warn", by=story.keeper, hides=True)
    actions.reverse_decision(queries.decision_by_id(first.id), "One is enough.", by=viewer_of(story.moderator.id))
    db.session.commit()
    assert story.state() == "hidden"
    actions.reverse_decision(queries.decision_by_id(second.id), "None is enough.", by=viewer_of(story.moderator.id))
    db.session.commit()
    assert story.state() == "visible"


def test_what_the_author_took_back_is_not_shown_by_a_reversal(story: Story) -> None:
    from portal.boards.actions import withdraw_post
    from portal.boards.queries import any_post

    withdraw_post(any_post(story.post.public_id), by=viewer_of(story.author.id))
    db.session.commit()
    with pytest.raises(Invalid, match="taken it back"):
        story.taken_up("hide", by=story.moderator)


def test_the_rules_name_who_moderates(browse: Browser, make: Make, story: Story) -> None:
    words = browse.as_(story.reader).open("moderation.guidelines").words
    for said in ("Criticise the company", "Moderator Mo", "Keeper Kim", "Confidential material", "72 hours"):
        assert said in words
    make.board("Takeover plans", audiences=({"role": "executive"},), moderators=(story.keeper,))
    assert "Takeover plans" not in browse.as_(story.reader).open("moderation.guidelines").words


def test_the_log_counts_by_month(browse: Browser, story: Story) -> None:
    story.taken_up("hide", by=story.moderator)
    page = browse.as_(story.reader).open("moderation.log")
    assert f"{clock.now():%B %Y}" in page.words


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.sampled_from(["report", "hide", "stand", "warn", "reverse", "staff hide", "lapse", "confirm"]), max_size=8
    )
)
def test_counters_equal_a_recount_whatever_moderators_do(app: Portal, make: Make, steps: list[str]) -> None:
    """T2: after any sequence of reports, decisions, second looks and reversals."""
    from tests.moderation.conftest import Story

    story = Story(make, "")
    staff = make.member(roles=("moderator", "staff"))
    for step in steps:
        play(story, staff, step)
    forget()
    visible = select(func.count()).select_from(Post).where(Post.state == "visible")
    topic = db.session.execute(select(Topic).where(Topic.id == story.topic.id)).scalar_one()
    assert topic.post_count == db.session.execute(visible.where(Post.topic_id == topic.id)).scalar_one()
    board = db.session.execute(select(Board).where(Board.id == story.board.id)).scalar_one()
    assert board.post_count == db.session.execute(visible.where(Post.board_id == board.id)).scalar_one()
    for case in db.session.scalars(select(Case).where(Case.open_key.is_not(None))):
        counted = select(func.count()).select_from(Report).where(Report.case_id == case.id, Report.state == "open")
        assert case.reports_count == db.session.execute(counted).scalar_one()
    held = (
        select(Decision)
        .join(Case)
        .where(Case.thing_id == story.post.public_id, Decision.hides, Decision.reversed_at.is_(None))
    )
    automatic = select(Case.id).where(Case.thing_id == story.post.public_id, Case.hidden_automatically)
    hidden = db.session.execute(held).first() is not None or db.session.execute(automatic).first() is not None
    assert story.state() == ("hidden" if hidden else "visible")


def play(story: Story, staff: Person, step: str) -> None:
    """One step of a random story; what is not allowed just then changes nothing."""
    from portal.core.errors import DomainError

    last = db.session.execute(select(Decision.id).order_by(Decision.id.desc()).limit(1)).scalar_one_or_none()
    keeper = viewer_of(story.keeper.id)
    try:
        if step == "report":
            story.report(story.make.member())
        elif step in ("hide", "stand", "warn"):
            story.taken_up(step, by=story.moderator)
        elif step == "staff hide":
            story.taken_up("hide", by=staff)
        elif step == "lapse":
            with time_machine.travel(clock.now() + timedelta(hours=73), tick=True):
                jobs.lapse()
        elif last and step == "confirm":
            actions.confirm(queries.decision_by_id(last), by=keeper)
        elif last:
            actions.reverse_decision(queries.decision_by_id(last), "A mistake.", by=keeper)
        db.session.commit()
    except DomainError:
        pass
    forget()


def test_erasure_forgets_the_reporter_and_keeps_the_report(browse: Browser, story: Story) -> None:
    case = story.report(story.reader, words="Look at this.")
    ModerationData().erase(story.reader.id)
    db.session.commit()
    forget()
    report = db.session.execute(select(Report)).scalar_one()
    assert report.reporter_id is None
    words = browse.as_(story.moderator).open("moderation.case", public_id=case.public_id).words
    assert "A former member" in words
    assert "Reader Rob" not in words


def test_erasure_of_the_author_takes_the_words_and_keeps_the_line_of_the_log(story: Story) -> None:
    decision = story.taken_up("warn", by=story.moderator, words="Ann, mind your words.")
    actions.open_appeal(queries.decision_by_id(decision.id), "I, Ann, object to it.", by=viewer_of(story.author.id))
    ModerationData().erase(story.author.id)
    db.session.commit()
    forget()
    kept = db.session.execute(select(Decision)).scalar_one()
    assert (kept.words, kept.verb, kept.reason) == ("", "warn", "attack")
    assert db.session.execute(select(Appeal.words)).scalar_one() == ""
    assert db.session.execute(select(Case.html)).scalar_one() == ""


def test_the_export_has_decisions_appeals_and_own_reports(story: Story) -> None:
    decision = story.taken_up("warn", by=story.moderator, words="Mind your words.")
    actions.open_appeal(queries.decision_by_id(decision.id), "I object to it all.", by=viewer_of(story.author.id))
    db.session.commit()
    data = ModerationData()
    about = data.export(story.author.id)["decisions"][0]
    assert about["words"] == "Mind your words."
    assert about["appeal"] == "I object to it all."
    assert data.count(story.author.id) == 1
    story_case = story.report(story.reader, words="Again.")
    assert data.export(story.reader.id)["reports"][0]["words"] == "Again."
    assert story_case.title == data.export(story.reader.id)["reports"][0]["title"]


def test_merging_two_reporters_counts_them_once(make: Make, story: Story) -> None:
    """R16: double votes are one."""
    twin = make.member()
    story.report(story.reader)
    case = story.report(twin)
    ModerationData().move(twin.id, story.reader.id)
    db.session.commit()
    forget()
    assert queries.case_by_id(case.id).reports_count == 1
    with pytest.raises(Invalid, match="already"):
        story.report(story.reader)


def test_the_rules_say_who_moderates(browse: Browser, story: Story) -> None:
    """ui.md §7: those who moderate everywhere, and who keeps each board."""
    words = browse.as_(story.reader).open("moderation.guidelines").words
    assert "Moderator Mo" in words
    assert "Keeper Kim" in words
