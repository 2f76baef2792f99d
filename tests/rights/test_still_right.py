"""Once a year: is it still right? And what may happen after a move (A10, R8, R24)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts.actions import remove_address
from portal.accounts.models import EmailAddress
from portal.careers import queries as careers
from portal.careers.jobs import settle_moves
from portal.careers.models import WISHES, Move
from portal.core import clock
from portal.core.access import system_viewer
from portal.core.db import db, unit_of_work
from portal.notifications.actions import choose_mail
from portal.notifications.models import Notification
from portal.people.actions import step_back
from portal.rights import actions, queries
from portal.rights.jobs import ask_still_right
from portal.rights.models import YearlyQuestion
from tests.accounts.keys import signed_in

if TYPE_CHECKING:
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make


@pytest.fixture
def ada(make: Make) -> Person:
    """A member of more than a year, at work here."""
    return make.member("Ada Fern", relation="employee:current", address="ada@example.org", days_ago=400)


def links(outbox: Any) -> list[str]:
    return re.findall(r"https?://[^/\s]+(/still-right/\S*)", outbox.last("ada@example.org").text)


def ask(write_mails: Any) -> None:
    with unit_of_work():
        for _ in ask_still_right():
            pass
    write_mails()


def test_still_right_in_one_click(browse: Browser, ada: Person, outbox: Any, write_mails: Any) -> None:
    """R8: looking changes nothing and signs nobody in; the button answers, once."""
    ask(write_mails)
    right, moved = links(outbox)
    page = browse.get(right)
    assert "Kestrel & Lowe" in page.words
    assert db.session.query(YearlyQuestion).one().answer == ""
    assert "We ask again in a year" in page.submit("Yes, still right").words
    assert not signed_in(browse)
    db.session.expire_all()
    assert db.session.query(YearlyQuestion).one().answer == "right"
    assert (browse.get(right).status, browse.get(moved).status) == (410, 410)
    assert queries.to_be_asked(10) == []
    with time_machine.travel(clock.now() + timedelta(days=366), tick=False):
        assert queries.to_be_asked(10) == [ada.id]


def test_moved_by_the_link(browse: Browser, ada: Person, outbox: Any, write_mails: Any) -> None:
    """Issue 4.5: the same questions and consequences without signing in; every address hears of it; a day to undo."""
    ask(write_mails)
    page = browse.get(links(outbox)[1])
    assert "What may happen next?" in page.words
    wrong = page.submit("Save my move", left=page_choice(page), moved_on="", organisation="Harbour Mills")
    assert wrong.status == 422
    assert "Harbour Mills" in wrong.text
    page = page.submit("Save my move", left=page_choice(page), organisation="Harbour Mills", title="Head of scales")
    assert "Your move is noted" in page.words
    assert [each.organisation.name for each in careers.current_positions(ada.id)] == ["Harbour Mills"]
    assert outbox.last("ada@example.org").subject == "Your move is noted"
    move = db.session.query(Move).one()
    assert move.wishes == []
    page = browse.as_(ada).open("careers.move", public_id=move.public_id).submit("undo")
    assert "Taken back" in page.words


def page_choice(page: Any) -> str:
    found = re.search(r'name="left"[^>]*value="(\w+)"|value="(\w+)"[^>]*name="left"', page.text)
    assert found
    return found.group(1) or found.group(2)


def test_who_is_not_asked(make: Make, outbox: Any, write_mails: Any) -> None:
    """Only by a mailbox of their own, never who said no, is new, stepped back, moved lately or was asked this year."""
    make.member(days_ago=100)
    make.member(days_ago=400, address="only@acme.example")
    db.session.query(EmailAddress).filter_by(address="only@acme.example").update({"kind": "work"})
    no, away, moved = (make.member(days_ago=400, relation="employee:current") for _ in range(3))
    choose_mail({"still_right": "off"}, by=make.viewer(no))
    step_back(away, by=make.viewer(away))
    db.session.add(Move(person_id=moved.id, moved_on=clock.today(), declared_by_id=moved.id))
    db.session.commit()
    ask(write_mails)
    assert outbox.recipients() == []


def test_the_link_dies_with_its_address(
    browse: Browser, make: Make, ada: Person, outbox: Any, write_mails: Any
) -> None:
    """R8: whoever lost the mailbox can't answer for the person."""
    ask(write_mails)
    link = links(outbox)[0]
    make.address(ada, "new@example.org", primary=False)
    lost = db.session.query(EmailAddress).filter_by(address="ada@example.org").one()
    remove_address(lost, by=make.viewer(ada))
    db.session.commit()
    assert browse.get(link).status == 410


def test_nothing_happens_after_a_move_but_what_was_ticked(browse: Browser, make: Make, ada: Person) -> None:
    """A10: by default nobody is told; ticked wishes are told after a day, to who runs the programme, and not if undone."""
    manager = make.member(roles=("manager",))
    her = browse.as_(ada)
    page = her.open("careers.moved")
    assert not re.search(r'name="wishes"[^>]*checked', page.text)
    page.submit("Save", organisation="Harbour Mills", wishes=list(WISHES))
    move = db.session.query(Move).one()
    assert move.wishes == list(WISHES)
    assert told(manager) == []
    later(25)
    assert told(manager) == [
        "Ada Fern has left Kestrel & Lowe: count anew whom we know there",
        "Ada Fern is at Harbour Mills now, and may be asked to introduce us there",
    ]
    later(50)
    assert len(told(manager)) == 2


def test_taken_back_is_not_told(browse: Browser, make: Make, ada: Person) -> None:
    """A10."""
    manager = make.member(roles=("manager",))
    her = browse.as_(ada)
    her.open("careers.moved").submit("Save", organisation="Harbour Mills", wishes=["introduce"]).submit("undo")
    later(25)
    assert told(manager) == []


def test_what_lies_ahead_is_told_when_its_day_has_come(browse: Browser, make: Make, ada: Person) -> None:
    """A10: until then the page speaks of it as of something to come, and it can be taken back."""
    manager = make.member(roles=("manager",))
    day = clock.today() + timedelta(days=30)
    her = browse.as_(ada)
    page = her.open("careers.moved").submit(
        "Save", organisation="Harbour Mills", moved_on=day.isoformat(), wishes=["introduce"]
    )
    assert page.heading == f"From {day.day} {day:%B %Y} you are at Harbour Mills"
    later(29 * 24)
    assert told(manager) == []
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        assert db.session.query(Move).one().can_be_undone
    later(31 * 24)
    assert told(manager) == ["Ada Fern is at Harbour Mills now, and may be asked to introduce us there"]
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert not db.session.query(Move).one().can_be_undone
        assert browse.as_(ada).get(page.url).heading == "You are at Harbour Mills now"


def later(hours: int) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False), unit_of_work():
        for _ in settle_moves():
            pass


def told(person: Person) -> list[str]:
    db.session.expire_all()
    return sorted(row.title for row in db.session.query(Notification).filter_by(person_id=person.id))


def test_only_the_system_asks(make: Make, ada: Person) -> None:
    """R25."""
    from portal.core.errors import NotAllowed

    with pytest.raises(NotAllowed):
        actions.ask_still_right(ada.id, by=make.viewer(ada))
    assert actions.ask_still_right(ada.id, by=system_viewer()) is not None
