"""HR's file announces who leaves as its page does: the same row, the same letters, the same marks (I4, I5, I11, R4, R15, R20)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import time_machine
from sqlalchemy import select

from portal.accounts.models import EmailAddress, Invitation
from portal.core import clock
from portal.core.db import db, unit_of_work
from portal.imports.models import ImportProposal
from portal.leavers.jobs import write_again
from portal.leavers.models import Leaver
from portal.people.models import Person
from tests.imports.conftest import named, reasons

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make
    from tests.imports.conftest import Desk

HR = "Employee #,First Name,Last Name,Hire Date,Termination Date,Job Title,Work Email,Home Email"
WORK, OWN = "ivy.tran@kestrel.example", "ivy.tran@gmail.com"


def line(name: str, days: int, *, number: int = 1, work: str = "", own: str = "") -> str:
    first, last = name.split()
    return f"{number},{first},{last},2015-03-01,{clock.today() + timedelta(days=days)},Toolmaker,{work},{own}"


def leavers() -> list[tuple[str, date, str, str, int]]:
    db.session.expire_all()
    found = select(Leaver, Person.full_name).join(Person, Person.id == Leaver.person_id).order_by(Person.full_name)
    return [
        (name, row.ends_on, row.work_address, row.own_address, row.letters) for row, name in db.session.execute(found)
    ]


def test_each_last_day_ahead_is_announced_and_reminded_of(
    desk: Desk, make: Make, outbox: Any, write_mails: Any
) -> None:
    """I4, R4: a letter now, then 14, 7 and 1 days before; to the address at work not after its day."""
    make.organisation("Kestrel & Lowe", "kestrel.example")
    lines = [HR, line("Ivy Tran", 20, work=WORK), line("Otto Lang", -20, number=2, own="otto@gmail.com")]
    planned = desk.plan(*lines, kind="employee", announce=True)
    assert ["is announced" in why for why in reasons(planned)] == [True, False]
    assert leavers() == []
    desk.bring(*lines, kind="employee", announce=True)
    assert leavers() == [("Ivy Tran", clock.today() + timedelta(days=20), WORK, "", 1)]
    for after, number in ((0, 1), (6, 2), (13, 3), (19, 4), (20, 4), (24, 4)):
        with time_machine.travel(clock.now() + timedelta(days=after), tick=False):
            with unit_of_work():
                for _ in write_again():
                    pass
            write_mails()
            assert len(outbox.mails()) == number, after
    assert set(outbox.recipients()) == {WORK}


def test_the_same_file_again_writes_no_second_letter_and_another_day_does(
    desk: Desk, outbox: Any, write_mails: Any
) -> None:
    for days, letters in ((30, 1), (30, 1), (40, 2)):
        desk.bring(HR, line("Ivy Tran", days, own=OWN), kind="employee", announce=True)
        write_mails()
        assert outbox.recipients() == [OWN] * letters
        assert leavers() == [("Ivy Tran", clock.today() + timedelta(days=days), "", OWN, letters)]


def test_nothing_is_announced_unless_it_was_asked_for(desk: Desk, outbox: Any, write_mails: Any) -> None:
    """And never from a file of customers, whatever day it names."""
    desk.bring(HR, line("Ivy Tran", 30, own=OWN), kind="employee")
    desk.bring(HR, line("Otto Lang", 30, number=2, own=OWN), kind="customer", announce=True, name="b.csv")
    write_mails()
    assert (leavers(), outbox.recipients()) == ([], [])


def test_a_member_hears_in_the_account_once_the_row_is_theirs(
    desk: Desk, make: Make, browse: Browser, outbox: Any, write_mails: Any
) -> None:
    """I11, R15, R20: an address alone asks an admin first; then the day holds, and no address or letter comes of it."""
    admin = make.member("Al Admin", roles=("admin",))
    ivy = make.member("Ivy Tran", relation="employee:current", address=OWN)
    ivy_id = ivy.id
    desk.bring(HR, line("Ivy Tran", 30, own=OWN, work=WORK), kind="employee", announce=True)
    assert leavers() == []
    browse.as_(admin).open("imports.member_questions").submit("yes")
    assert leavers() == [("Ivy Tran", clock.today() + timedelta(days=30), WORK, "", 0)]
    write_mails()
    assert not db.session.execute(select(Invitation).where(Invitation.person_id == ivy_id)).first()
    assert [row.address for row in db.session.query(EmailAddress).filter_by(person_id=ivy_id)] == [OWN]
    assert db.session.query(ImportProposal).filter_by(person_id=ivy_id, kind="employment").one().state == "applied"


def test_taken_back_nobody_is_reminded_any_more(desk: Desk, letter: Any, browse: Browser, outbox: Any) -> None:
    """T3, R21: the row goes, and the letter that is out opens nothing."""
    brought = desk.bring(HR, line("Ivy Tran", 30, own=OWN), kind="employee", announce=True)
    path = letter(OWN)
    desk.undo(brought)
    assert leavers() == []
    assert browse.get(path).status == 410
    assert named("Ivy Tran").claimed_at is None


def test_the_page_offers_it(desk: Desk, make: Make, browse: Browser) -> None:
    planned = desk.plan(HR, line("Ivy Tran", 30, own=OWN), kind="employee")
    page = browse.as_(make.member("Al Admin", roles=("admin",))).open("imports.choose", public_id=planned.public_id)
    assert "Announce the last days in it" in page.words
    page.submit("Start the dry run", announce="y", act="plan")
    db.session.expire_all()
    assert db.session.get(type(planned), planned.id).choices["announce"] is True  # type: ignore[union-attr]
