"""I11: nothing of an account changes on the strength of a row; the host's own dates apply and are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.accounts.models import EmailAddress
from portal.careers.models import Position, Relation
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.imports.models import ImportProposal
from portal.notifications.models import Notification
from portal.people.actions import claim_person
from tests.imports.conftest import career, everybody, named, outcomes

if TYPE_CHECKING:
    from tests.browse import Browser
    from tests.factories import Make
    from tests.imports.conftest import Desk

HR = "Employee #,First Name,Last Name,Hire Date,Termination Date,Job Title,Work Email,Home Email"
CRM = "External ID,Full name,E-mails,Current employer,Former employers"


def test_a_proved_address_alone_only_asks_an_admin(desk: Desk, make: Make, browse: Browser) -> None:
    """I11, R20: no address, no dates, no roles; the same row twice asks once."""
    ada, admin = make.member("Ada Lovelace", address="ada@example.org"), make.member("Al Admin", roles=("admin",))
    state = everybody()
    line = "1001,Ada,Lovelace,2015-03-01,2019-06-30,Engineer,ada@new.example,ada@example.org"
    assert outcomes(desk.bring(HR, line, kind="employee")) == ["proposal"]
    assert everybody() == state
    assert outcomes(desk.bring(HR, line, kind="employee")) == ["same"]
    page = browse.as_(admin).open("imports.member_questions")
    assert "Ada Lovelace" in page.words
    page.submit("yes")
    assert career(ada.id) == career(ada.id)
    assert ("relation", "Kestrel & Lowe", "Engineer", "2015-03-01", "2019-06-30") in career(ada.id)
    assert not db.session.execute(select(EmailAddress).where(EmailAddress.norm == "ada@new.example")).first()


def test_the_hosts_own_end_applies_to_a_member_it_knows_by_id(desk: Desk, make: Make) -> None:
    """I11, I16: the end holds from its day, the person is told, the undo gives it back."""
    desk.bring(HR, "1001,Ada,Lovelace,2015-03-01,,Engineer,,ada@example.org", kind="employee")
    ada = named("Ada Lovelace")
    make.address(ada, "ada@home.example")
    claim_person(ada, by=system_viewer())
    db.session.commit()
    assert viewer_of(ada.id).relations == {("employee", "current")}
    left = desk.bring(
        HR, "1001,Ada,Lovelace,2015-03-01,2019-06-30,Engineer,,ada@example.org", name="b.csv", kind="employee"
    )
    assert outcomes(left) == ["proposal"]
    assert viewer_of(ada.id).relations == {("employee", "former")}
    told = db.session.execute(select(Notification.title).where(Notification.person_id == ada.id)).scalars().all()
    assert any("ends on 30 June 2019" in title for title in told)
    desk.undo(left)
    db.session.expire_all()
    assert db.session.execute(select(Relation.end).where(Relation.person_id == ada.id)).scalar_one() is None


def test_other_employers_are_the_persons_to_confirm(desk: Desk, make: Make, browse: Browser) -> None:
    """I11: facts about other employers are proposals; what was declined is not asked again."""
    desk.bring(CRM, "a-1,Ada Lovelace,ada@example.org,,")
    ada = named("Ada Lovelace")
    make.address(ada, "ada@home.example")
    claim_person(ada, by=system_viewer())
    db.session.commit()
    desk.bring(CRM, "a-1,Ada Lovelace,ada@example.org,Works,Mill until 2010", name="b.csv")
    assert career(ada.id) == []
    me = browse.as_(ada)
    page = me.open("suggested.index")
    assert "Works" in page.words
    page.submit("add")
    page = me.open("suggested.index")
    page.submit("leave")
    assert "Nothing is suggested" in me.open("suggested.index").words
    assert len(career(ada.id)) == 1
    states = set(db.session.execute(select(ImportProposal.state).where(ImportProposal.kind == "position")).scalars())
    assert states == {"accepted", "declined"}
    other = browse.as_(make.member())
    assert "Works" not in other.open("suggested.index").words
    assert db.session.execute(select(Position.person_id)).scalars().first() is not None


def test_nobody_else_answers_for_a_member(desk: Desk, make: Make, browse: Browser) -> None:
    desk.bring(CRM, "a-1,Ada Lovelace,ada@example.org,,")
    ada = named("Ada Lovelace")
    claim_person(ada, by=system_viewer())
    db.session.commit()
    desk.bring(CRM, "a-1,Ada Lovelace,ada@example.org,Works,", name="b.csv")
    public_id = db.session.execute(
        select(ImportProposal.public_id).where(ImportProposal.kind == "position")
    ).scalar_one()
    stranger = browse.as_(make.member(roles=("admin",)))
    token = stranger.open("suggested.index")
    assert token.status == 200
    assert career(ada.id) == []
    assert stranger.get(f"/settings/career/suggested/{public_id}/add").status in (404, 405)


def test_a_member_whom_a_row_only_resembles_is_asked_about_side_by_side(
    desk: Desk, make: Make, browse: Browser
) -> None:
    """R17: joining an unclaimed record to a member gives the account nothing but what I11 allows."""
    firm = make.organisation("Works")
    ada = make.member("Ada Lovelace", relation="customer:former", organisation=firm)
    desk.bring(CRM, "a-9,Ada Lovelace,other@example.org,Works,")
    admin = browse.as_(make.member("Al Admin", roles=("admin",)))
    page = admin.open("imports.questions")
    assert page.words.count("Ada Lovelace") >= 2
    before = career(ada.id)
    page.submit("same")
    assert "Nothing waits for you" in admin.open("imports.questions").words
    assert career(ada.id) == before
    assert len([row for row in everybody() if row[0] == "Ada Lovelace"]) == 1


def test_an_end_at_another_employer_is_asked_too_and_makes_no_second_entry(
    desk: Desk, make: Make, browse: Browser
) -> None:
    """I11: a career that says "still there" is asked about, changed by its person alone; said twice it is one entry."""
    desk.bring(CRM, "a-1,Ada Lovelace,ada@example.org,Works,")
    ada = named("Ada Lovelace")
    make.address(ada, "ada@home.example")
    claim_person(ada, by=system_viewer())
    db.session.commit()
    before = career(ada.id)
    desk.bring(CRM, "a-1,Ada Lovelace,ada@example.org,Mill,Works until 2018-03-31", name="b.csv")
    desk.bring(CRM, "a-1,Ada Lovelace,ada@example.org,,Works until 2018-03-31; Mill until 2019", name="c.csv")
    assert career(ada.id) == before
    me = browse.as_(ada)
    page = me.open("suggested.index")
    assert "Your career says that you are still there" in page.words
    for _ in range(3):
        page = page.submit("add")
    assert "Nothing is suggested" in page.words
    assert [entry[1:] for entry in career(ada.id) if entry[0] == "position"] == [
        ("Mill", "", "", "2019"), ("Works", "", "", "2018-03-31"),
    ]  # fmt: skip
