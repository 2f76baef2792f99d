"""Deciding: what happens, who is told, what the log says; claims; the second look; pauses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from portal.boards.models import Topic
from portal.core import clock
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.moderation import actions, jobs, lists, queries
from portal.moderation.models import Case, Decision
from portal.people.models import Person
from tests.moderation.conftest import forget

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make
    from tests.moderation.conftest import Story


def mail_of(person: Person) -> str:
    """The address that the factory gave."""
    return f"person{person.id}@example.org"


def paused_until(person: Person) -> Any:
    """The person's standing, fresh."""
    forget()
    return db.session.execute(select(Person.suspended_until).where(Person.id == person.id)).scalar_one()


def test_a_removal_tells_its_author_why_and_stands_in_the_log(
    browse: Browser, make: Make, story: Story, outbox: Any
) -> None:
    """M3: reason, rule, words, what can be done; the log has no name and no text."""
    case = story.report(story.reader)
    page = browse.as_(story.moderator).open("moderation.case", public_id=case.public_id)
    answer = page.submit("Decide and tell", verb="hide", reason="attack", words="Please say it without the fools.")
    assert "The author has been told" in answer.words
    assert story.state() == "hidden"
    mail = outbox.last(mail_of(story.author))
    for said in ("Personal attack", "never about the person", "without the fools", "appeal until", "Somebody else"):
        assert said in mail.text
    assert "fools and I mean it" not in mail.text
    assert "Moderator Mo" not in mail.text
    standing = browse.as_(story.author).open("moderation.standing").words
    assert "was hidden" in standing
    assert "Personal attack" in standing
    log = browse.as_(make.member()).open("moderation.log").words
    assert "Hidden: personal attack" in log
    assert "Trains" in log
    for name in ("Author Ann", "Moderator Mo", "Reader Rob", "fools", "night train"):
        assert name not in log


def test_the_author_sees_the_state_on_the_post_itself(browse: Browser, story: Story) -> None:
    """No shadow bans (M3)."""
    story.taken_up("hide", by=story.moderator)
    page = browse.as_(story.author).open("boards.topic", public_id=story.topic.public_id)
    assert "Only you and the moderators can read this post" in page.words
    assert "You are all fools" in page.words
    other = browse.as_(story.reader).open("boards.topic", public_id=story.topic.public_id)
    assert "You are all fools" not in other.words
    assert "personal attack" in other.words


def test_the_log_does_not_name_a_board_that_the_reader_may_not_read(browse: Browser, make: Make) -> None:
    """M1."""
    chief = make.member(roles=("executive",))
    board = make.board("Takeover plans", audiences=({"role": "executive"},))
    post = make.reply(make.topic(board, author=chief), chief)
    mo = make.member(roles=("moderator",))
    thing = queries.reportable("post").load(post.public_id)
    case = actions.open_case(thing, "moderator", by=viewer_of(mo.id))
    actions.decide(case, actions.Order("hide", "confidential"), by=viewer_of(mo.id))
    db.session.commit()
    outside = browse.as_(make.member()).open("moderation.log").words
    assert "Takeover plans" not in outside
    assert "in a board" in outside
    assert "Takeover plans" in browse.as_(chief).open("moderation.log").words


@pytest.mark.parametrize("reason", ["", "criticism", "criticism of the company"])
def test_a_decision_needs_a_reason_from_the_list(story: Story, reason: str) -> None:
    """M3."""
    with pytest.raises(Invalid, match="reason from the list"):
        story.taken_up("hide", by=story.moderator, reason=reason)


def test_another_rule_is_named_to_the_author(story: Story) -> None:
    with pytest.raises(Invalid, match="Name the rule"):
        story.taken_up("warn", by=story.moderator, reason="other")


def test_a_bad_form_keeps_what_was_typed(browse: Browser, story: Story) -> None:
    page = browse.as_(story.moderator).open("moderation.take_up", kind="post", public_id=story.post.public_id)
    answer = page.submit("Decide and tell", verb="hide", reason="", words="A long explanation")
    assert answer.status == 422
    assert "A long explanation" in answer.text
    assert db.session.execute(select(Case)).first() is None


def test_the_notice_can_be_read_before_it_is_sent(browse: Browser, story: Story) -> None:
    case = story.report(story.reader)
    page = browse.as_(story.moderator).open("moderation.case", public_id=case.public_id)
    answer = page.submit("Preview the notice", verb="warn", reason="attack", words="Mind your tone.", preview="1")
    assert "This is what the author will read" in answer.words
    assert "You have a warning about your post" in answer.words
    assert "Mind your tone." in answer.words
    assert db.session.execute(select(Decision)).first() is None


def test_a_warning_can_hide_the_post_as_well(browse: Browser, story: Story) -> None:
    story.taken_up("warn", by=story.keeper, hides=True)
    assert story.state() == "hidden"
    words = browse.as_(story.author).open("moderation.standing").words
    assert "You have a warning" in words
    assert "was hidden" in words


def test_locking_closes_the_topic(browse: Browser, story: Story) -> None:
    story.taken_up("lock", by=story.keeper, reason="duplicate")
    assert "closed this topic" in browse.as_(story.reader).open("boards.topic", public_id=story.topic.public_id).words


def test_moving_takes_the_topics_cases_along(make: Make, story: Story) -> None:
    other = make.board("Buses")
    case = story.report(story.reader)
    reply = make.reply(story.topic, story.reader, "See?")
    thing = queries.reportable("post").find(viewer_of(story.author.id), reply.public_id)
    second = actions.report_thing(thing, "off_topic", by=viewer_of(story.author.id))
    db.session.commit()
    story.decide(case, "move", by=story.moderator, reason="off_topic", board=other)
    db.session.rollback()
    assert db.session.execute(select(Topic.board_id).where(Topic.id == story.topic.id)).scalar_one() == other.id
    assert queries.case_by_id(second.id).board_id == other.id
    assert not lists.open_cases(viewer_of(story.keeper.id), held=False).items


def test_a_keeper_moves_only_where_they_keep_both_boards(make: Make, story: Story) -> None:
    other = make.board("Buses")
    with pytest.raises(NotAllowed):
        story.taken_up("move", by=story.keeper, reason="off_topic", board=other)


def test_a_claim_keeps_others_away_for_half_an_hour(browse: Browser, story: Story) -> None:
    case = story.report(story.reader)
    browse.as_(story.moderator).open("moderation.queue").submit("claim")
    words = browse.as_(story.keeper).open("moderation.queue").words
    assert "taken by Moderator Mo" in words
    page = browse.as_(story.keeper).open("moderation.case", public_id=case.public_id)
    assert "Moderator Mo is on this case" in page.words
    assert "Decide and tell" not in page.words
    with pytest.raises(Conflict):
        story.decide(case, "stand", by=story.keeper)
    db.session.rollback()
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=True):
        story.decide(case, "stand", by=story.keeper)


def test_a_claim_can_be_given_back(browse: Browser, story: Story) -> None:
    case = story.report(story.reader)
    browser = browse.as_(story.moderator)
    page = browser.open("moderation.case", public_id=case.public_id).submit("claim")
    page.submit("Give it back")
    story.decide(case, "stand", by=story.keeper)


def test_two_moderators_decide_once(story: Story) -> None:
    case = story.report(story.reader)
    stale = queries.case_by_id(case.id)
    db.session.expunge(stale)
    story.decide(case, "stand", by=story.moderator)
    with pytest.raises(Conflict, match="just decided"):
        actions.decide(stale, actions.Order("hide", "attack"), by=viewer_of(story.keeper.id))


def test_a_staff_moderators_removal_waits_for_one_who_is_not_staff(
    browse: Browser, make: Make, story: Story, outbox: Any
) -> None:
    """M3: hidden meanwhile, told at once, in force when somebody who is not staff agrees."""
    staff = make.member("Staff Sue", roles=("moderator", "staff"))
    decision = story.taken_up("hide", by=staff)
    assert decision.is_pending
    assert story.state() == "hidden"
    assert "within 72 hours" in outbox.last(mail_of(story.author)).text
    assert "waits for a second moderator" in browse.as_(story.reader).open("moderation.log").words
    colleague = make.member(roles=("moderator", "staff"))
    assert not lists.waiting_decisions(viewer_of(colleague.id)).items
    page = browse.as_(story.keeper).open("moderation.queue").follow("The night train")
    page.submit("I agree")
    fresh = queries.decision_by_id(decision.id)
    assert fresh.is_in_force
    assert fresh.second_by_id == story.keeper.id
    assert "appeal until" in outbox.last(mail_of(story.author)).text


def test_a_refused_second_look_shows_the_post_again_and_opens_the_case(
    browse: Browser, make: Make, story: Story
) -> None:
    """M3."""
    staff = make.member(roles=("moderator", "staff"))
    decision = story.decide(story.report(story.reader), "hide", by=staff, reason="confidential")
    page = browse.as_(story.moderator).open("moderation.decision", public_id=decision.public_id)
    page = page.submit("refuse", because="It was in the newspaper.")
    assert "Decide what should happen instead" in page.words
    assert story.state() == "visible"
    case = queries.case_by_id(decision.case_id)
    assert case.state == "open"
    assert "It was in the newspaper." in browse.as_(story.author).open("moderation.standing").words
    story.decide(case, "stand", by=story.moderator)
    assert "It was left standing" in browse.as_(story.reader).open("moderation.standing").words


def test_after_72_hours_without_a_second_look_the_post_comes_back(browse: Browser, make: Make, story: Story) -> None:
    """M3: hidden at most 72 hours."""
    staff = make.member(roles=("moderator", "staff"))
    decision = story.taken_up("hide", by=staff)
    with time_machine.travel(clock.now() + timedelta(hours=71), tick=True):
        jobs.lapse()
        db.session.commit()
        assert story.state() == "hidden"
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=True):
        jobs.lapse()
        db.session.commit()
    assert story.state() == "visible"
    assert queries.decision_by_id(decision.id).reversed_by_id == system_viewer().person_id
    assert "taken back" in browse.as_(story.reader).open("moderation.log").words


@pytest.mark.parametrize("reason", ["spam", "illegal"])
def test_spam_and_the_illegal_go_at_once(make: Make, story: Story, reason: str) -> None:
    """M3: the exception."""
    staff = make.member(roles=("moderator", "staff"))
    assert story.taken_up("hide", by=staff, reason=reason).is_in_force


def test_a_short_pause_holds_at_once_and_is_shown_with_its_end(browse: Browser, story: Story) -> None:
    until = clock.now() + timedelta(days=3)
    story.taken_up("suspend", by=story.moderator, until=until)
    assert paused_until(story.author) == until
    browser = browse.as_(story.author)
    words = browser.open("moderation.standing").words
    assert "Your account is paused" in words
    assert "Personal attack" in words
    assert "your account is paused until" in browser.open("boards.topic", public_id=story.topic.public_id).words.lower()


def test_a_long_pause_needs_a_second_person(browse: Browser, make: Make, story: Story, outbox: Any) -> None:
    """M5: more than seven days need two people; an admin may be the second."""
    day = (clock.now() + timedelta(days=30)).date()
    page = browse.as_(story.moderator).open("moderation.take_up", kind="post", public_id=story.post.public_id)
    page.submit("Decide and tell", verb="suspend", reason="harassment", until=day.isoformat())
    assert paused_until(story.author) is None
    assert outbox.mails(mail_of(story.author)) == []
    assert "In good standing" in browse.as_(story.author).open("moderation.standing").words
    admin = make.member("Admin Al", roles=("admin",))
    assert not lists.waiting_decisions(viewer_of(story.moderator.id)).items
    look = browse.as_(admin).open("moderation.queue").follow("The night train")
    assert "You are all fools" not in look.words
    look.submit("I agree")
    assert paused_until(story.author).date() == day
    assert "paused until" in outbox.last(mail_of(story.author)).text


def test_seven_days_and_seven_days_more_are_fourteen(story: Story) -> None:
    """M5: a running pause is not lengthened alone."""
    story.taken_up("suspend", by=story.moderator, until=clock.now() + timedelta(days=6))
    longer = story.taken_up("suspend", by=story.moderator, until=clock.now() + timedelta(days=12))
    # the first began a moment ago, so twelve days from now are more than seven from its beginning
    assert longer.is_pending


def test_only_the_role_suspends(story: Story) -> None:
    with pytest.raises(Invalid, match="Choose what should be done"):
        story.taken_up("suspend", by=story.keeper, until=clock.now() + timedelta(days=1))


def test_an_admin_without_the_role_suspends_but_decides_nothing_else(browse: Browser, make: Make, story: Story) -> None:
    admin = make.member(roles=("admin",))
    browser = browse.as_(admin)
    assert browser.open("moderation.take_up", kind="post", public_id=story.post.public_id).status == 404


def test_held_posts_come_to_the_queue_and_are_let_through(browse: Browser, make: Make, story: Story) -> None:
    new = make.member("New Nia", days_ago=1)
    browser = browse.as_(new)
    browser.open("boards.topic", public_id=story.topic.public_id).submit("Reply", body="See https://example.org/offer")
    queue = browse.as_(story.keeper).open("moderation.queue", tab="held")
    assert "Held post" in queue.words
    page = queue.follow("The night train")
    page.submit("Decide and tell", verb="release")
    assert "example.org/offer" in browse.as_(story.reader).open("boards.topic", public_id=story.topic.public_id).words
    assert "Nothing waits" in browse.as_(story.keeper).open("moderation.queue").words
    assert "Let through" not in browse.as_(story.reader).open("moderation.log").words


def test_a_held_post_that_its_author_takes_back_waits_no_more(browse: Browser, make: Make, story: Story) -> None:
    from portal.boards.actions import withdraw_post
    from portal.boards.queries import any_post

    new = make.member(days_ago=1)
    post = make.reply(story.topic, new, "See https://example.org/offer")
    assert lists.open_cases(viewer_of(story.moderator.id), held=True).items
    withdraw_post(any_post(post.public_id), by=viewer_of(new.id))
    db.session.commit()
    assert not lists.open_cases(viewer_of(story.moderator.id), held=True).items


def test_the_badge_and_home_know_what_waits(make: Make, story: Story) -> None:
    from portal.moderation.parts import asked, waiting

    assert asked(viewer_of(story.moderator.id)) == []
    story.report(story.reader)
    story.taken_up(
        "hide", by=make.member(roles=("moderator", "staff")), thing_id=make.reply(story.topic, story.reader).public_id
    )
    assert waiting(viewer_of(story.moderator.id)) == 2
    assert asked(viewer_of(story.moderator.id))[0].count == 2
    assert waiting(viewer_of(story.reader.id)) == 0


def test_moderators_hear_that_something_waits(browse: Browser, story: Story, work: Any) -> None:
    story.report(story.reader)
    work()
    assert "Something waits for a moderator" in browse.as_(story.keeper).open("notifications.index").words
    assert "Something waits" not in browse.as_(story.author).open("notifications.index").words


def test_a_decision_against_a_member_ends_their_trust_until_it_is_reversed(story: Story) -> None:
    assert viewer_of(story.author.id).trusted
    decision = story.taken_up("warn", by=story.moderator)
    assert not viewer_of(story.author.id).trusted
    actions.reverse_decision(queries.decision_by_id(decision.id), "I was wrong.", by=viewer_of(story.moderator.id))
    db.session.commit()
    assert viewer_of(story.author.id).trusted


def test_trust_takes_thirty_days(make: Make) -> None:
    assert not viewer_of(make.member(days_ago=29).id).trusted
    assert viewer_of(make.member(days_ago=31).id).trusted


def test_the_queue_costs_the_same_with_one_case_and_with_many(browse: Browser, make: Make, story: Story) -> None:
    def report_new(n: int) -> None:
        post = make.reply(story.topic, story.author, f"Words {n}")
        thing = queries.reportable("post").find(viewer_of(story.reader.id), post.public_id)
        actions.report_thing(thing, "spam", by=viewer_of(story.reader.id))
        db.session.commit()

    browser = browse.as_(story.moderator)
    report_new(0)
    browser.open("moderation.queue")
    one = browser.open("moderation.queue")
    for n in range(1, 20):
        report_new(n)
    many = browser.open("moderation.queue")
    assert len(many.statements) == len(one.statements)


def test_bringing_a_held_post_back_is_no_way_around_the_moderators(make: Make, story: Story) -> None:
    from portal.boards.actions import bring_back_post, withdraw_post
    from portal.boards.queries import any_post

    new = make.member(days_ago=1)
    post = make.reply(story.topic, new, "See https://example.org/offer")
    withdraw_post(any_post(post.public_id), by=viewer_of(new.id))
    bring_back_post(any_post(post.public_id), by=viewer_of(new.id))
    db.session.commit()
    assert any_post(post.public_id).state == "held"
    assert len(lists.open_cases(viewer_of(story.moderator.id), held=True).items) == 1


def test_a_second_look_keeps_a_closed_boards_topic_from_an_admin(browse: Browser, make: Make) -> None:
    """M1: agreeing to a long pause needs no reading of the board."""
    chief, mo = make.member(roles=("executive",)), make.member(roles=("moderator",))
    board = make.board("Takeover plans", audiences=({"role": "executive"},))
    post = make.reply(make.topic(board, author=chief, title="Buying Merlin"), make.member(roles=("executive",)))
    thing = queries.reportable("post").load(post.public_id)
    case = actions.open_case(thing, "moderator", by=viewer_of(mo.id))
    order = actions.Order("suspend", "confidential", until=clock.now() + timedelta(days=30))
    actions.decide(case, order, by=viewer_of(mo.id))
    db.session.commit()
    admin = browse.as_(make.member(roles=("admin",)))
    queue = admin.open("moderation.queue")
    look = queue.follow("A post")
    for page in (queue, look):
        assert "Buying Merlin" not in page.text
        assert "Takeover plans" not in page.text
    assert "Your account is paused until" in look.words
