"""Mails about nominations, invitations and flags come some minutes later, and not at all when they are overtaken."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from portal.advocates import actions
from portal.advocates.models import Flag
from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.people.queries import person_by_id
from tests.advocates.test_nominations import WHY

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.asks.story import Programme
    from tests.browse import Browser, Page
    from tests.postbox import Postbox


class Story:
    """Nora nominates Nick; what each of them and the manager is mailed an hour later."""

    def __init__(self, programme: Programme, browse: Browser, outbox: Postbox, work: Callable[[], int]) -> None:
        self.programme, self.browse, self.outbox, self.work = programme, browse, outbox, work
        self.nora = programme.make.member("Nora Nominator", address="nora@example.org")
        self.nick = programme.make.member("Nick Nominee", address="nick@example.org")
        nominated = actions.nominate(person_by_id(self.nick.id), WHY, by=viewer_of(self.nora.id))
        db.session.commit()
        self.public_id = nominated.public_id

    def page(self, person: Person) -> Page:
        """The nomination as somebody opens it."""
        return self.browse.as_(person).open("nominations.nomination", public_id=self.public_id)

    def mailed(self, address: str = "") -> str:
        """The subjects of what went out, without the roles of the programme's people."""
        with time_machine.travel(clock.now() + timedelta(hours=1)):
            self.work()
        subjects = [mail.subject for mail in self.outbox.mails(address or None)]
        return " | ".join(subject for subject in subjects if "You have a role" not in subject)


@pytest.fixture
def story(programme: Programme, browse: Browser, outbox: Postbox, work: Callable[[], int]) -> Story:
    return Story(programme, browse, outbox, work)


def test_what_still_holds_is_mailed(story: Story) -> None:
    """A6."""
    assert "Nora Nominator proposed you as an advocate" in story.mailed("nick@example.org")


def test_who_declined_is_not_told_that_they_are_proposed(story: Story) -> None:
    """A6: nor is the programme asked to get in touch; the nominator hears the end alone."""
    story.page(story.programme.staff).submit("/invite")
    story.page(story.nick).submit("Not for me", because="Not my thing.")
    assert story.mailed() == "The nomination of Nick Nominee has ended"
    bell = story.browse.as_(story.nick).open("notifications.index").words
    assert "Nora Nominator proposed you" in bell, "the list keeps what was told"


def test_after_the_first_contact_nobody_is_asked_for_it(story: Story) -> None:
    """A6: the nominee still hears who proposed them."""
    story.page(story.programme.staff).submit("I have been in touch", note="")
    mailed = story.mailed()
    assert "first contact" not in mailed
    assert "Nora Nominator proposed you as an advocate" in mailed


def test_who_opted_in_is_not_asked_whether_they_would(story: Story) -> None:
    """A1."""
    story.page(story.programme.staff).submit("/invite")
    story.programme.opt_in(story.nick, "quote")
    assert story.mailed() == "Nick Nominee, whom you nominated, is an advocate now"


@pytest.mark.parametrize("how", ["Turn everything off", "acts/quote/off"])
def test_who_is_no_advocate_any_more_is_not_announced(story: Story, how: str) -> None:
    """A1: off at once, everywhere."""
    story.programme.opt_in(story.nick, "quote")
    story.browse.as_(story.nick).open("advocates.mine").submit(how)
    assert story.mailed() == ""


def test_one_of_two_acts_off_leaves_an_advocate(story: Story) -> None:
    """A1."""
    story.programme.opt_in(story.nick, "quote", "talk")
    story.browse.as_(story.nick).open("advocates.mine").submit("acts/quote/off")
    assert "is an advocate now" in story.mailed("nora@example.org")


def test_a_closed_flag_waits_for_nobody(story: Story) -> None:
    """A3."""
    ada = story.programme.advocate()
    actions.raise_flag(ada.id, "Too many calls.", by=viewer_of(ada.id))
    db.session.commit()
    flag = db.session.execute(select(Flag)).scalar_one()
    actions.close_flag(flag, "Talked with her.", by=viewer_of(story.programme.manager.id))
    db.session.commit()
    assert "flag" not in story.mailed()
