"""Profiles as things that are reported, hidden and shown again; and suspending from there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.errors import NotAllowed
from portal.moderation import actions, queries
from portal.people.models import Person
from portal.people.queries import person_by_id
from portal.profiles.actions import edit_profile
from portal.profiles.models import Shown
from tests.moderation.conftest import forget

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.moderation.conftest import Story


@pytest.fixture
def rude(story: Story) -> Story:
    """The author's profile says something rude."""
    words = {
        "headline": Shown(("Smarter than <b>you</b>",)),
        "about": Shown(("You are *all* fools.",), "public"),
        "link": Shown(("https://example.org/a", "https://example.org/b"), "members", ("One", "Two")),
        "phone": Shown(("+44 117 000000",), "connections"),
    }
    edit_profile(person_by_id(story.author.id), words, by=viewer_of(story.author.id))
    db.session.commit()
    forget()
    return story


def test_a_profile_is_reported_hidden_and_shown_again(browse: Browser, rude: Story) -> None:
    reader, moderator = browse.as_(rude.reader), browse.as_(rude.moderator)
    page = reader.open("moderation.report", kind="profile", public_id=rude.author.public_id)
    assert "Smarter than <b>you</b>" in page.words
    assert "000000" not in page.words
    page.submit("Send", reason="attack")
    case = moderator.open("moderation.queue").follow("The profile of Author Ann")
    assert "You are all fools." in case.words
    case.submit("Decide and tell", verb="hide", reason="attack")
    assert "fools" not in reader.open("profiles.person", public_id=rude.author.public_id).words
    own = browse.as_(rude.author)
    assert "fools" in own.open("profiles.person", public_id=rude.author.public_id).words
    assert "Your profile was hidden" in own.open("moderation.standing").words
    decided = moderator.open("moderation.queue", tab="decided").follow("The profile of Author Ann")
    decided.submit("reverse", because="It was meant kindly.")
    shown = reader.open("profiles.person", public_id=rude.author.public_id).text
    for said in ("fools", "https://example.org/a", "https://example.org/b", "Two"):
        assert said in shown


def test_what_the_person_shows_anew_stays_as_they_chose(browse: Browser, rude: Story) -> None:
    decision = rude.taken_up("hide", by=rude.moderator, kind="profile", thing_id=rude.author.public_id)
    edit_profile(
        person_by_id(rude.author.id), {"headline": Shown(("Polite now",), "connections")}, by=viewer_of(rude.author.id)
    )
    db.session.commit()
    forget()
    actions.reverse_decision(queries.decision_by_id(decision.id), "Fine.", by=viewer_of(rude.moderator.id))
    db.session.commit()
    words = browse.as_(rude.reader).open("profiles.person", public_id=rude.author.public_id).words
    assert "fools" in words
    assert "Polite now" not in words


def test_profiles_are_for_those_who_moderate_everywhere(browse: Browser, rude: Story) -> None:
    """P1: keeping a board opens no profiles."""
    assert (
        browse.as_(rude.keeper).open("moderation.take_up", kind="profile", public_id=rude.author.public_id).status
        == 404
    )
    with pytest.raises(NotAllowed):
        rude.taken_up("hide", by=rude.keeper, kind="profile", thing_id=rude.author.public_id)


def test_nobody_takes_up_the_profile_of_somebody_they_cannot_meet(browse: Browser, rude: Story) -> None:
    """I11: an unclaimed person is invisible; so is who stepped back."""
    from portal.people.actions import step_back

    unclaimed = rude.make.person("Unclaimed Ulf")
    step_back(person_by_id(rude.author.id), by=viewer_of(rude.author.id))
    db.session.commit()
    forget()
    for roles in (("moderator",), ("admin",)):
        browser = browse.as_(rude.make.member(roles=roles))
        for person in (unclaimed, rude.author):
            assert browser.open("moderation.take_up", kind="profile", public_id=person.public_id).status == 404


def test_an_admin_pauses_an_account_from_the_profile_and_does_nothing_else(browse: Browser, rude: Story) -> None:
    admin = rude.make.member(roles=("admin",))
    page = browse.as_(admin).open("moderation.report", kind="profile", public_id=rude.author.public_id)
    page = page.follow("decide about it")
    assert "Hide it" not in page.words
    day = (clock.now() + timedelta(days=5)).date()
    page.submit("Decide and tell", verb="suspend", reason="harassment", until=day.isoformat())
    forget()
    until = db.session.execute(select(Person.suspended_until).where(Person.id == rude.author.id)).scalar_one()
    assert until is not None
    assert until.date() == day
