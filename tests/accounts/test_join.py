"""Asking to join, and letting people in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts import actions, queries
from portal.accounts.models import Applicant, EmailAddress, Invitation
from portal.careers.actions import end_relation, record_relation
from portal.careers.queries import relations_of
from portal.core import clock
from portal.core.db import add, db
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.partial_dates import PartialDate
from portal.people.models import Person
from tests.accounts.keys import same_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browse import Browser
    from tests.factories import Make

TOLD = {
    "full_name": "Li Wei",
    "kind": "employee",
    "department": "Firmware",
    "start": "2011",
    "end": "2014-06",
    "proof": "Asks Ada.",
}


@pytest.fixture
def asked(browse: Browser, letter: Callable[..., str]) -> Callable[..., Applicant]:
    """Ask to join with this address, and tell who one is."""

    def ask(address: str = "li@gmail.com", **told: str) -> Applicant:
        browse.open("accounts.join").submit("Continue", address=address)
        page = browse.get(letter(address)).submit("Send my request", **(TOLD | told))
        assert page.status == 200, page.words
        return queries.last_request(address)

    return ask


def test_a_request_is_sent_and_its_state_can_be_seen(
    browse: Browser, asked: Callable[..., Applicant], letter: Callable[..., str]
) -> None:
    """Address first, then who one is; the same link shows how it stands."""
    found = asked()
    assert (found.state, found.full_name, found.start, found.end) == ("waiting", "Li Wei", "2011", "2014-06")
    page = browse.get(letter("li@gmail.com"))
    assert page.heading == "Your request is being read"


def test_known_and_unknown_addresses_get_the_same_answer(
    browse: Browser, make: Make, write_mails: Any, outbox: Any
) -> None:
    """I12: status, words, statements and job are the same; a member is told by mail only."""
    make.member(address="ada@gmail.com")
    answers = set()
    for address in ("ada@gmail.com", "li@gmail.com"):
        page = browse.as_(None).open("accounts.join").submit("Continue", address=address)
        answers.add((page.status, same_words(page, address), len(page.statements)))
    assert len(answers) == 1
    write_mails()
    subjects = {mail.to_address: mail.subject for mail in outbox.mails()}
    assert subjects == {"ada@gmail.com": "You have an account already", "li@gmail.com": "Your request to join"}
    assert db.session.query(Applicant).count() == 1


def test_a_link_that_was_not_opened_in_a_day_is_over(browse: Browser, letter: Callable[..., str]) -> None:
    """limits.md: verification 24 hours."""
    browse.open("accounts.join").submit("Continue", address="li@gmail.com")
    link = letter("li@gmail.com")
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert browse.get(link).status == 410


def test_asking_twice_makes_one_request(
    browse: Browser, asked: Callable[..., Applicant], letter: Callable[..., str]
) -> None:
    """The newer link leads to the same request; the older is worthless."""
    asked()
    first = letter("li@gmail.com")
    browse.open("accounts.join").submit("Continue", address="LI@gmail.com")
    second = letter("li@gmail.com")
    assert db.session.query(Applicant).count() == 1
    assert browse.get(first).status == 410
    assert browse.get(second).heading == "Your request is being read"


def test_a_customer_names_the_firm(browse: Browser, letter: Callable[..., str]) -> None:
    browse.open("accounts.join").submit("Continue", address="li@gmail.com")
    page = browse.get(letter("li@gmail.com"))
    assert page.submit("Send my request", **(TOLD | {"kind": "customer"})).status == 422
    assert page.submit("Send my request", **(TOLD | {"start": "2015", "end": "2014"})).status == 422
    assert "lies ahead" in page.submit("Send my request", **(TOLD | {"start": "2099", "end": ""})).words
    page.submit("Send my request", **(TOLD | {"kind": "customer", "organisation": "Harbour Optics"}))
    assert db.session.query(Applicant).one().state == "waiting"


def test_an_approved_applicant_is_invited(
    browse: Browser, make: Make, asked: Callable[..., Applicant], letter: Callable[..., str]
) -> None:
    """Person, relation, invitation to the address that was proved."""
    found, admin = asked(), make.viewer(make.member(roles=("admin",)))
    person = actions.approve_applicant(found, by=admin)
    db.session.commit()
    relation = relations_of(person.id)[0]
    assert (relation.kind, relation.start, relation.end) == ("employee", PartialDate("2011"), PartialDate("2014-06"))
    assert relation.verified_by == "admin"
    page = browse.get(letter("li@gmail.com")).submit("Take my account").submit("Continue")
    assert page.heading == "A password, if you like"
    assert make.viewer(person).is_member


def test_a_customer_is_let_in_with_the_firm(make: Make, asked: Callable[..., Applicant]) -> None:
    found = asked(kind="customer", organisation="Harbour Optics")
    person = actions.approve_applicant(found, by=make.viewer(make.member(roles=("admin",))))
    assert relations_of(person.id)[0].organisation.name == "Harbour Optics"


def test_an_unclaimed_record_is_found_by_its_address(make: Make, asked: Callable[..., Applicant]) -> None:
    """R17: by exactly this address."""
    record = make.person("Wei Li")
    add(EmailAddress(person_id=record.id, address="li@gmail.com", norm="li@gmail.com", domain="gmail.com"))
    db.session.commit()
    assert actions.approve_applicant(asked(), by=make.viewer(make.member(roles=("admin",)))).id == record.id


def test_nobody_is_found_by_name(make: Make, asked: Callable[..., Applicant]) -> None:
    """R17: two people called Li Wei are two people."""
    other = make.person("Li Wei")
    person = actions.approve_applicant(asked(), by=make.viewer(make.member(roles=("admin",))))
    assert person.id != other.id
    assert db.session.query(Person).filter_by(full_name="Li Wei").count() == 2


def test_a_recycled_work_address_finds_no_old_record(make: Make, asked: Callable[..., Applicant]) -> None:
    """R20: after the record's last day the address may belong to the next one in the job."""
    firm = make.organisation("Harbour Optics", domain="harbour.example")
    record = make.person("Li Wei")
    add(
        EmailAddress(
            person_id=record.id, address="li@harbour.example", norm="li@harbour.example", domain="harbour.example"
        )
    )
    relation = record_relation(record, "customer", firm, start=PartialDate.parse("2010"), by=make.system)
    end_relation(relation, PartialDate.parse("2015"), by=make.system)
    db.session.commit()
    found = asked("li@harbour.example", kind="customer", organisation="Harbour Optics", start="2020", end="")
    person = actions.approve_applicant(found, by=make.viewer(make.member(roles=("admin",))))
    assert person.id != record.id


def test_a_declined_applicant_is_told_why(
    browse: Browser, make: Make, asked: Callable[..., Applicant], letter: Callable[..., str], outbox: Any
) -> None:
    asked()
    admin, state_page = make.viewer(make.member(roles=("admin",))), letter("li@gmail.com")
    found = queries.last_request("li@gmail.com")
    with pytest.raises(Invalid):
        actions.decline_applicant(found, "  ", by=admin)
    actions.decline_applicant(found, "We find nobody of that name in 2011.\n\nWrite to us if that is wrong.", by=admin)
    db.session.commit()
    assert "2011.\n> \n> Write to us" in outbox.last("li@gmail.com").text
    page = browse.get(state_page)
    assert "nobody of that name" in page.words
    page.follow("Ask again").submit("Continue", address="li@gmail.com")
    letter("li@gmail.com")
    assert [row.state for row in db.session.query(Applicant).order_by(Applicant.id)] == ["declined", "unverified"]


def test_a_decision_is_made_once(make: Make, asked: Callable[..., Applicant]) -> None:
    """Of two admins one decides."""
    found, admin = asked(), make.viewer(make.member(roles=("admin",)))
    actions.approve_applicant(found, by=admin)
    for act in (
        lambda: actions.approve_applicant(found, by=admin),
        lambda: actions.decline_applicant(found, "No.", by=admin),
    ):
        with pytest.raises(Conflict):
            act()


@pytest.mark.parametrize("role", ["staff", "moderator", "manager", "seller", "executive", ""])
def test_only_admins_decide(make: Make, asked: Callable[..., Applicant], role: str) -> None:
    found, by = asked(), make.viewer(make.member(roles=(role,) if role else ()))
    with pytest.raises(NotAllowed):
        actions.approve_applicant(found, by=by)
    with pytest.raises(NotAllowed):
        actions.decline_applicant(found, "No.", by=by)


def test_the_invitation_can_be_mailed_again(
    browse: Browser, make: Make, asked: Callable[..., Applicant], letter: Callable[..., str]
) -> None:
    asked()
    state_page = letter("li@gmail.com")
    actions.approve_applicant(queries.last_request("li@gmail.com"), by=make.viewer(make.member(roles=("admin",))))
    db.session.commit()
    first = letter("li@gmail.com")
    browse.get(state_page).submit("Mail my invitation again")
    assert letter("li@gmail.com") != first
    assert browse.get(first).status == 410
    assert db.session.query(Invitation).count() == 2


def test_old_requests_are_forgotten(
    make: Make, asked: Callable[..., Applicant], browse: Browser, letter: Callable[..., str]
) -> None:
    """limits.md: unverified 14 days; decided ones three months."""
    actions.decline_applicant(asked(), "No.", by=make.viewer(make.member(roles=("admin",))))
    db.session.commit()
    browse.open("accounts.join").submit("Continue", address="two@gmail.com")
    letter("two@gmail.com")
    for days, left in ((13, 2), (15, 1), (89, 1), (91, 0)):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            actions.forget_old_requests(by=make.system)
            assert db.session.query(Applicant).count() == left


def test_who_waits_longest_comes_first(make: Make, asked: Callable[..., Applicant]) -> None:
    """The admin's list pages by keyset."""
    for number in range(3):
        asked(f"li{number}@gmail.com")
    page = queries.applicants(size=2)
    assert [row.address for row in page.items] == ["li0@gmail.com", "li1@gmail.com"]
    assert [row.address for row in queries.applicants(size=2, after=page.older).items] == ["li2@gmail.com"]
    assert queries.count_waiting() == 3
