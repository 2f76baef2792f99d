"""HR announces an exit, and the account reaches the person before the mailbox ends (I4, I5, R4, R15, R20, R21)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts.models import EmailAddress
from portal.careers.queries import relations_of
from portal.core import clock
from portal.core.db import db, unit_of_work
from portal.core.jinja import day
from portal.leavers.jobs import write_again
from portal.leavers.models import Leaver
from portal.people.models import Person
from tests.accounts.keys import signed_in

if TYPE_CHECKING:
    from tests.browse import Browser, Page
    from tests.factories import Make

MOST_PAGES = 6
OWN, WORK = "ivy.tran@gmail.com", "ivy.tran@kestrel.example"


@pytest.fixture
def hr(make: Make, browse: Browser) -> Browser:
    """Somebody of the host's staff, signed in."""
    return browse.as_(make.member("Hanna Reyes", roles=("staff",)))


def announce(hr: Browser, *, days: int = 30, name: str = "Ivy Tran", **fields: Any) -> Page:
    return hr.open("leavers.index").submit(
        "Announce", full_name=name, ends_on=str(clock.today() + timedelta(days=days)), **fields
    )


def test_from_the_letter_to_being_at_home(browse: Browser, make: Make, hr: Browser, letter: Any, outbox: Any) -> None:
    """Issue 4.6: a handful of pages, the existing record, a second way in asked for; nothing in the letter says why."""
    assert "the account will be theirs" in announce(hr, own=OWN, title="Toolmaker").words
    path = letter(OWN)
    text = outbox.last(OWN).text.lower()
    assert not [
        word
        for word in ("ivy", "leave", "left", "last day", "exit", "terminat", "toolmaker")
        if word in text.replace(OWN, "")
    ]
    pages = [browse.get(path)]
    pages.append(pages[-1].submit("Take my account"))
    pages.append(pages[-1].submit("Continue"))
    assert "password" in pages[-1].heading.lower()
    pages.append(pages[-1].follow("Go on without"))
    assert len(pages) <= MOST_PAGES
    assert signed_in(browse)
    ivy = db.session.query(Person).filter_by(full_name="Ivy Tran").one()
    relation = relations_of(ivy.id)[0]
    assert (relation.title, relation.ends_on) == ("Toolmaker", clock.today() + timedelta(days=30))
    assert "Here, with an address of their own" in hr.open("leavers.index").words


def test_a_work_mailbox_is_written_to_until_its_day_and_asked_for_another(
    browse: Browser, make: Make, hr: Browser, letter: Any, outbox: Any, write_mails: Any
) -> None:
    """R4, I4: again 14, 7 and 1 days before, never afterwards; whoever comes by it is asked for an own address."""
    make.organisation("Kestrel & Lowe", "kestrel.example")
    announce(hr, days=20, work=WORK)
    write_mails()
    assert outbox.recipients() == [WORK]
    for after, number in ((1, 1), (6, 2), (7, 2), (13, 3), (19, 4), (20, 4), (24, 4)):
        with time_machine.travel(clock.now() + timedelta(days=after), tick=False):
            run()
            write_mails()
            assert len(outbox.mails(WORK)) == number, after
    page = browse.get(letter(WORK)).submit("Take my account").submit("Continue")
    assert "address of your own" in page.words


def test_an_own_address_hears_once_more_afterwards(hr: Browser, outbox: Any, write_mails: Any) -> None:
    announce(hr, days=0, own=OWN, work=WORK)
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        run()
        run()
        write_mails()
    assert outbox.recipients() == [OWN, OWN]


def run() -> None:
    with unit_of_work():
        for _ in write_again():
            pass


def test_a_members_account_gets_no_address_from_hr(
    browse: Browser, make: Make, hr: Browser, outbox: Any, write_mails: Any
) -> None:
    """R15, R20: the day is the host's to say; an address is the member's. Nothing is mailed to what HR typed."""
    ivy = make.member("Ivy Tran", relation="employee:current", address=WORK)
    announce(hr, work=WORK, own="somebody.else@example.org")
    write_mails()
    assert outbox.recipients() == []
    assert [row.address for row in db.session.query(EmailAddress).filter_by(person_id=ivy.id)] == [WORK]
    assert relations_of(ivy.id)[0].ends_on == clock.today() + timedelta(days=30)
    assert db.session.query(Leaver).one().own_address == ""


def test_the_same_person_twice_is_one_and_a_name_finds_nobody(make: Make, hr: Browser, write_mails: Any) -> None:
    """R17, R20: by exactly one address, never by a name; another day replaces the first."""
    namesake = make.member("Ivy Tran", relation="employee:current")
    announce(hr, own=OWN)
    announce(hr, days=40, own=OWN)
    row = db.session.query(Leaver).one()
    assert (row.person_id != namesake.id, row.ends_on) == (True, clock.today() + timedelta(days=40))
    assert relations_of(namesake.id)[0].ends_on is None
    assert db.session.query(Person).filter_by(full_name="Ivy Tran").count() == 2


def test_announcing_twice_says_what_was_announced_first(hr: Browser, outbox: Any, write_mails: Any) -> None:
    announce(hr, own=OWN)
    page = announce(hr, own=OWN)
    assert f"Ivy Tran was announced already, for {day(clock.today() + timedelta(days=30))}." in page.words
    page = announce(hr, days=-3, own=OWN)
    assert f"for {day(clock.today() + timedelta(days=30))}: the last day is" in page.words
    announce(hr, days=-4, own=OWN)
    write_mails()
    assert len(outbox.mails(OWN)) <= 3  # for the same day once more none goes out
    row = db.session.query(Leaver).one()
    assert [each.ends_on for each in relations_of(row.person_id)] == [clock.today() - timedelta(days=4)]


def test_the_day_can_be_changed_while_it_lies_ahead(make: Make, hr: Browser) -> None:
    ivy = make.member("Ivy Tran", relation="employee:current", address=WORK)
    announce(hr, work=WORK)
    page = hr.open("leavers.index").follow("Change")
    assert page.heading == "Ivy Tran leaves"
    assert page.submit("Change the day", ends_on=str(clock.today() + timedelta(days=900))).status == 422
    changed = page.submit("Change the day", ends_on=str(clock.today() + timedelta(days=10)))
    assert f"The last day of Ivy Tran is {day(clock.today() + timedelta(days=10))} now." in changed.words
    assert relations_of(ivy.id)[0].ends_on == db.session.query(Leaver).one().ends_on
    with time_machine.travel(clock.now() + timedelta(days=11), tick=False):
        assert "Change" not in hr.open("leavers.index").words.split()


def test_whoever_stays_after_all_is_announced_no_more(browse: Browser, make: Make, hr: Browser, letter: Any) -> None:
    """I13, R21: the work goes on, and a letter that nobody answered opens nothing."""
    ivy = make.member("Ivy Tran", relation="employee:current", address=WORK)
    announce(hr, work=WORK)
    page = hr.open("leavers.index").follow("Change").submit("They stay after all")
    assert "Ivy Tran stays: the announcement is taken back." in page.words
    assert "Nobody is announced" in page.words
    assert relations_of(ivy.id)[0].ends_on is None
    announce(hr, name="Ben Okafor", own=OWN)
    path = letter(OWN)
    hr.open("leavers.index").follow("Change").submit("They stay after all")
    assert browse.get(path).status == 410
    assert db.session.query(Leaver).count() == 0


@pytest.mark.parametrize(("fields", "said"), [
    ({"days": 900, "own": OWN}, "Choose a day"), ({}, "Give an address"), ({"own": "ivy@"}, "address"),
    ({"own": OWN, "name": "I"}, "between 2 and 120"),
])  # fmt: skip
def test_bad_input_loses_nothing(hr: Browser, fields: dict[str, Any], said: str) -> None:
    page = announce(hr, title="Toolmaker", **fields)
    assert page.status == 422
    assert said in page.words
    assert "Toolmaker" in page.text
    assert db.session.query(Leaver).count() == 0


def test_for_others_there_is_no_such_page(browse: Browser, make: Make) -> None:
    for person in (make.member(), make.member(roles=("seller",)), make.member(relation="employee:current")):
        assert browse.as_(person).open("leavers.index").status == 404
