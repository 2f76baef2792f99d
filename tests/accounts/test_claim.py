"""Taking an account by an invitation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts import actions, queries
from portal.accounts.models import EmailAddress, Invitation, Session
from portal.careers.actions import end_relation, record_relation
from portal.consents.actions import ensure_legal_texts
from portal.consents.queries import ledger
from portal.core import clock
from portal.core.access import VISITOR
from portal.core.db import db
from portal.core.errors import Conflict, Gone, NotAllowed
from portal.core.partial_dates import PartialDate
from portal.organisations.queries import host
from tests.accounts.keys import signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make


@pytest.fixture(autouse=True)
def wordings(make: Make) -> None:
    """The house has its rules."""
    ensure_legal_texts(by=make.system)
    db.session.commit()


@pytest.fixture
def invited(make: Make) -> Callable[..., Person]:
    """Invite somebody whom nobody has claimed."""

    def invite(name: str = "Ada Lovelace", address: str = "ada@gmail.com") -> Person:
        person = make.person(name)
        actions.invite(person, address, by=make.system)
        db.session.commit()
        return person

    return invite


def test_an_invitation_becomes_an_account(
    browse: Browser, make: Make, invited: Callable[..., Person], letter: Callable[..., str]
) -> None:
    """R21, ui.md §8: button, name and terms, a password if wanted, home: four screens, and the address is proved."""
    person = invited()
    page = browse.get(letter("ada@gmail.com"))
    assert "Lovelace" not in page.text
    page = page.submit("Take my account")
    assert 'value="Ada Lovelace"' in page.text
    assert page.submit("Continue", agree=None).status == 422
    page = page.submit("Continue", full_name="Ada King Lovelace", call_name="Ada", agree="y")
    assert page.heading == "A password, if you like"
    assert page.follow("Go on without").url == "/"
    db.session.expire_all()
    kept = db.session.get(type(person), person.id)
    assert (kept.full_name, kept.listed) == ("Ada King Lovelace", True)
    row = db.session.query(EmailAddress).one()
    assert (row.address, row.state, row.kind, row.is_primary) == ("ada@gmail.com", "live", "personal", True)
    assert {(entry.kind, entry.version, entry.how) for entry in ledger(person.id)} == {
        ("terms", 1, "claim"),
        ("privacy", 1, "claim"),
    }


def test_opening_the_letter_uses_nothing_up(
    browse: Browser, invited: Callable[..., Person], letter: Callable[..., str]
) -> None:
    """R21: a mail scanner may open it as often as it likes, and even go half the way."""
    invited()
    link = letter("ada@gmail.com")
    for _ in range(3):
        assert browse.as_(None).get(link).status == 200
    browse.as_(None).get(link).submit("Take my account")
    page = browse.get(link).submit("Take my account").submit("Continue", agree="y")
    assert page.heading == "A password, if you like"
    gone = browse.as_(None).get(link)
    assert gone.status == 410
    assert gone.follow("Sign in").heading == "Sign in"


def test_only_the_letter_opens_the_form(browse: Browser, invited: Callable[..., Person]) -> None:
    """ASVS 2.3.1: nobody begins in the middle."""
    invited()
    assert browse.open("accounts.who_you_are").status == 410


def test_a_newer_invitation_ends_the_older(
    browse: Browser, make: Make, invited: Callable[..., Person], letter: Callable[..., str]
) -> None:
    """R21: resending kills the old one; so does withdrawing."""
    person = invited()
    first = letter("ada@gmail.com")
    actions.invite(person, "ada@gmail.com", by=make.system)
    db.session.commit()
    second = letter("ada@gmail.com")
    assert browse.get(first).status == 410
    assert browse.get(second).status == 200
    actions.withdraw_invitation(person, by=make.system)
    db.session.commit()
    assert browse.get(second).status == 410


def test_an_invitation_lives_two_weeks(
    browse: Browser, invited: Callable[..., Person], letter: Callable[..., str]
) -> None:
    """limits.md: 14 days."""
    invited()
    link = letter("ada@gmail.com")
    with time_machine.travel(clock.now() + timedelta(days=13)):
        assert browse.get(link).status == 200
    with time_machine.travel(clock.now() + timedelta(days=15)):
        assert browse.get(link).status == 410


def test_a_work_address_leads_to_an_own_one(
    browse: Browser, make: Make, invited: Callable[..., Person], letter: Callable[..., str]
) -> None:
    """I4: asked right after the name; at most six screens until home."""
    make.organisation("Harbour Optics", domain="harbour.example")
    invited(address="ada@harbour.example")
    page = browse.get(letter("ada@harbour.example")).submit("Take my account").submit("Continue", agree="y")
    assert page.heading == "Add an address of your own"
    page = page.submit("Add it and go on", address="ada@gmail.com")
    assert page.heading == "A password, if you like"
    assert {row.address: row.state for row in db.session.query(EmailAddress)} == {
        "ada@harbour.example": "live", "ada@gmail.com": "unverified",
    }  # fmt: skip


def test_whose_address_it_is_is_asked_where_nobody_knows(
    browse: Browser, invited: Callable[..., Person], letter: Callable[..., str]
) -> None:
    """I4: for an unknown domain the person says."""
    invited(address="ada@lovelace.example")
    page = browse.get(letter("ada@lovelace.example")).submit("Take my account")
    assert page.submit("Continue", agree="y").status == 422
    page.submit("Continue", agree="y", kind="personal")
    assert db.session.query(EmailAddress).one().kind == "personal"


def test_the_invited_address_is_proved_and_no_other(
    browse: Browser, invited: Callable[..., Person], letter: Callable[..., str]
) -> None:
    """R21, CVE-2022-31096: the form has no say in which address is verified."""
    invited()
    page = browse.get(letter("ada@gmail.com")).submit("Take my account")
    sent = page._values(page._form("Continue", set())) | {"agree": "y", "address": "eve@example.com"}
    browse.post(page.url, sent)
    assert [row.address for row in db.session.query(EmailAddress)] == ["ada@gmail.com"]


def test_a_leaver_can_not_claim_through_the_old_firm(
    browse: Browser, make: Make, invited: Callable[..., Person], letter: Callable[..., str]
) -> None:
    """R4, R20: after the last day the address may be somebody else's."""
    firm = make.organisation("Harbour Optics", domain="harbour.example")
    person = invited(address="ada@harbour.example")
    relation = record_relation(person, "customer", firm, start=PartialDate.parse("2020"), by=make.system)
    end_relation(relation, PartialDate.parse("2024"), by=make.system)
    db.session.commit()
    page = browse.get(letter("ada@harbour.example")).submit("Take my account").submit("Continue", agree="y")
    assert page.status == 422
    assert "Your work there has ended" in page.words
    assert not signed_in(browse)


def test_an_address_of_a_member_is_not_invited(make: Make) -> None:
    """I3, I11: nothing is added to a claimed account by an address; admins are told plainly."""
    make.member(address="ada@gmail.com")
    with pytest.raises(Conflict):
        actions.invite(make.person(), "ADA@gmail.com", by=make.system)
    with pytest.raises(Conflict):
        actions.invite(make.member(), "new@gmail.com", by=make.system)


def test_an_address_taken_meanwhile_signs_in_instead(
    browse: Browser, make: Make, invited: Callable[..., Person], letter: Callable[..., str]
) -> None:
    """I3: whoever was faster keeps it; the invitation is not used up."""
    invited()
    page = browse.get(letter("ada@gmail.com")).submit("Take my account")
    make.member(address="ada@gmail.com")
    page = page.submit("Continue", agree="y")
    assert page.status == 409
    assert "Sign in with it instead" in page.words
    assert db.session.query(Invitation).one().claimed_at is None


def test_who_may_invite(make: Make) -> None:
    """Journey E7: admins, staff and programme managers; nobody else."""
    for role, allowed in (("admin", True), ("staff", True), ("manager", True), ("seller", False), ("moderator", False),
                          ("executive", False)):  # fmt: skip
        by, person = make.viewer(make.member(roles=(role,))), make.person()
        if allowed:
            actions.invite(person, f"{role}@gmail.com", by=by)
        else:
            with pytest.raises(NotAllowed):
                actions.invite(person, f"{role}@gmail.com", by=by)
    for by in (VISITOR, make.viewer(make.member())):
        with pytest.raises(NotAllowed):
            actions.invite(make.person(), "x@gmail.com", by=by)


def test_the_session_of_somebody_else_ends_in_this_browser(
    browse: Browser, make: Make, invited: Callable[..., Person], letter: Callable[..., str]
) -> None:
    """security.md §3: a new session id; the claim signs in the invited person and nobody else."""
    invited()
    her, before = browse.as_(make.member()), db.session.query(Session).one().id
    her.get(letter("ada@gmail.com")).submit("Take my account").submit("Continue", agree="y")
    newest = db.session.query(Session).order_by(Session.id.desc()).first()
    assert newest is not None
    assert newest.opened_through == "claim"
    assert db.session.get_one(Session, before).ended_at is not None
    with her.client.session_transaction() as cookie:
        assert queries.open_sessions(newest.person_id)
        assert "claim" not in cookie


def test_the_employee_of_the_host_keeps_the_relation(make: Make, invited: Callable[..., Person]) -> None:
    """I11: claiming changes nothing of what the host has recorded."""
    person = invited()
    record_relation(person, "employee", host(), start=PartialDate.parse("2010"), by=make.system)
    assert make.viewer(person).relations == frozenset({("employee", "current")})


def test_a_claimed_person_is_claimed_once(make: Make, invited: Callable[..., Person]) -> None:
    """R21: one use."""
    from portal.accounts.devices import Device

    invited()
    letter = db.session.query(Invitation).one()
    letter = db.session.get(Invitation, letter.id, options=[db.joinedload(Invitation.person)], populate_existing=True)
    said = {"full_name": "Ada Lovelace", "call_name": "", "kind": "personal"}
    actions.claim(letter, Device(), by=VISITOR, **said)
    with pytest.raises(Gone):
        actions.claim(letter, Device(), by=VISITOR, **said)


def test_the_welcome_is_mailed(
    browse: Browser, invited: Callable[..., Person], letter: Callable[..., str], outbox: Any
) -> None:
    invited()
    browse.get(letter("ada@gmail.com")).submit("Take my account").submit("Continue", agree="y")
    assert outbox.last("ada@gmail.com").subject == "Your account is yours"
