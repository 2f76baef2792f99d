"""Back in after every way was lost: two admins, a week, a veto for each own address, and no shortcut (I9, R14)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from portal.accounts import actions
from portal.accounts.devices import Device
from portal.accounts.listeners import reaches_them
from portal.accounts.models import Credential, EmailAddress, Passkey, RecoveryCase, Session
from portal.core import clock
from portal.core.access import VISITOR, system_viewer
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.jinja import absolute
from portal.messages.actions import say_hello
from portal.messages.policies import can_say_hello
from portal.people.actions import touch_access
from portal.rights.actions import ask_for_export, ask_to_join
from portal.rights.models import DataExport, Erasure, MergeRequest
from tests.accounts.keys import know, same_words, set_authenticator, set_password, signed_in
from tests.accounts.softkey import SoftKey, add_passkey
from tests.accounts.test_keys import GOOD

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser, Page
    from tests.factories import Make
    from tests.postbox import Postbox

NEW = "ada.new@example.com"


@pytest.fixture
def lost(make: Make) -> Person:
    """Ada, whose mailboxes are gone: one ended with her work, one she took away herself."""
    ada = make.member("Ada Lovelace", address="ada@harbour.example")
    make.address(ada, "ada@old.example", primary=False)
    db.session.query(EmailAddress).filter_by(norm="ada@harbour.example").update(
        {"state": "retired", "live_norm": None, "kind": "work", "is_primary": False}
    )
    db.session.query(EmailAddress).filter_by(norm="ada@old.example").update({"state": "removed", "live_norm": None})
    db.session.commit()
    return ada


@pytest.fixture
def admins(make: Make) -> tuple[Person, Person]:
    """Two of them."""
    return make.member("Ann Admin", roles=("admin",)), make.member("Bob Admin", roles=("admin",))


def ask(browser: Browser, letter: Callable[..., str]) -> RecoveryCase:
    """Ask for help and prove the address."""
    page = browser.open("accounts.sign_in").follow("None of this works any more")
    page.submit("Ask for help", full_name="Ada Lovelace", address=NEW, told="I sat beside Ben until 2020.")
    browser.get(letter(NEW)).submit("Yes, send my request")
    db.session.rollback()
    case = db.session.query(RecoveryCase).filter_by(state="proved").one()
    db.session.expunge(case)
    return case


def propose(browser: Browser, case: RecoveryCase, person: Person, evidence: str = "Spoke to her.") -> Page:
    """The first admin."""
    page = browser.open("admin.recovery.case", public_id=case.public_id)
    return page.submit("Propose", person=f"Somebody ({person.public_id})", evidence=evidence)


def confirm(browser: Browser, case: RecoveryCase, evidence: str = "Her old team knows her voice.") -> Page:
    """The second one."""
    return browser.open("admin.recovery.case", public_id=case.public_id).submit("Confirm", evidence=evidence)


def ripen() -> None:
    """The clock does its part."""
    actions.ripen_recoveries(by=system_viewer())
    db.session.commit()


def test_the_whole_way_back(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any, outbox: Postbox
) -> None:
    """I9, R14, R23: the same account, with everything in it, a new address, and nothing old that opens it."""
    set_password(lost, GOOD)
    set_authenticator(lost)
    make.address(lost, "ada@second.example", primary=False)
    old = browse.as_(lost)
    add_passkey(old, SoftKey())
    case = ask(browse, letter)
    assert "Lovelace" not in outbox.last(NEW).text, "R23: the mail to an unproved address names nobody"
    assert "Another admin has to confirm" in propose(browse.as_(admins[0]), case, lost).words
    assert "waiting period begins" in confirm(browse.as_(admins[1]), case).words
    told = {mail.to_address for mail in outbox.mails() if mail.purpose == "recovery_running"}
    assert told == {"ada@old.example", "ada@second.example"}, (
        "every own address ever proved, never one that ended with work"
    )
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1)):
        ripen()
        link = letter(NEW)
        page = browse.get(link)
        assert page.heading == "Take your account back"
        assert "Lovelace" not in page.text
        assert "You are back" in page.submit("Get in").words
        assert browse.get(f"/people/{lost.public_id}").heading == "Ada Lovelace"
        assert not signed_in(old), "devices of before are signed out"
        assert browse.as_(None).get(link).status == 410
        assert browse.as_(None).get(link.replace("back-in", "no-way-in")).heading == "You are back in"
        words = browse.open("accounts.addresses").words
        assert "Your account came back to you by another address" in words, "of one that was confirmed until then"
        assert "Mail to it was refused" not in words
    assert db.session.query(EmailAddress).filter_by(person_id=lost.id, state="live").count() == 1
    for table in (Credential, Passkey):
        assert db.session.query(table).count() == 0
    live = db.session.query(EmailAddress).filter_by(person_id=lost.id, state="live").one()
    assert (live.address, live.kind, live.is_primary) == (NEW, "personal", True)
    assert "recovery_done" in {mail.purpose for mail in outbox.mails("ada@old.example")}


def test_nothing_happens_before_the_week_is_over(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any
) -> None:
    """I9: 7 days, from the second yes; a link back in that nobody uses ends the case, so that one can ask anew."""
    case = ask(browse, letter)
    propose(browse.as_(admins[0]), case, lost)
    with time_machine.travel(clock.now() + timedelta(days=10)):
        confirm(browse.as_(admins[1]), case)
        for days, state in ((0, "waiting"), (6.9, "waiting"), (7.01, "ready"), (21, "ready"), (21.02, "over")):
            with time_machine.travel(clock.now() + timedelta(days=days)):
                ripen()
                db.session.rollback()
                assert db.session.query(RecoveryCase).one().state == state


def test_one_admin_alone_can_do_nothing(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any
) -> None:
    """I9, R15: whoever proposed does not confirm, by the page or by sending the form; the database holds it too."""
    case = ask(browse, letter)
    first = browse.as_(admins[0])
    page = propose(first, case, lost)
    assert "another admin has to confirm it" in page.words
    hidden = page._values(page._form("Refuse", set()))
    sent = first.post(f"/admin/recovery/{case.public_id}/confirm", hidden | {"evidence": "It is me again."})
    assert sent.status == 403
    db.session.rollback()
    assert db.session.query(RecoveryCase).one().state == "proposed"


def test_an_admin_does_not_help_themselves(
    browse: Browser, make: Make, admins: tuple[Person, Person], letter: Any
) -> None:
    """I9, M5: nobody decides their own case."""
    case = ask(browse, letter)
    assert propose(browse.as_(admins[0]), case, admins[0]).status == 403
    propose(browse.as_(admins[0]), case, admins[1])
    second = browse.as_(admins[1])
    page = second.open("admin.recovery.case", public_id=case.public_id)
    assert "others decide" in page.words
    hidden = page._values(page._form("", set())) if "csrf_token" in page.text else {}
    assert second.post(f"/admin/recovery/{case.public_id}/confirm", hidden | {"evidence": "Me."}).status in (400, 403)


def test_any_own_address_stops_it(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any, outbox: Postbox
) -> None:
    """I9, R11: also one that was taken away; admins and whoever asked hear of it, and nobody gets in."""
    case = ask(browse, letter)
    propose(browse.as_(admins[0]), case, lost)
    first = letter("ada@old.example")
    confirm(browse.as_(admins[1]), case)
    assert browse.as_(None).get(first).status == 410, "the newer link replaces the older one"
    page = browse.as_(None).get(letter("ada@old.example"))
    assert "Lovelace" not in page.text
    assert "It is stopped" in page.submit("It was not me").words
    db.session.rollback()
    assert db.session.query(RecoveryCase).one().state == "vetoed"
    assert outbox.last(NEW).purpose == "recovery_over"
    [told] = {mail.text for mail in outbox.mails() if mail.purpose == "admins_told"}
    assert "A request to give Ada Lovelace’s account back was stopped" in told
    with time_machine.travel(clock.now() + timedelta(days=8)):
        ripen()
    assert db.session.query(RecoveryCase).one().state == "vetoed"


def test_the_owner_who_is_signed_in_hears_of_it_and_stops_it(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any
) -> None:
    """R14: a notice and a veto in every channel of their own."""
    her, ben = browse.as_(lost), browse.as_(make.member())
    case = ask(browse, letter)
    propose(browse.as_(admins[0]), case, lost)
    assert "Was it you?" in her.open("home.index").words
    assert "Was it you?" not in ben.open("home.index").words
    assert "It is stopped" in her.open("accounts.stop_recovery").submit("It was not me").words
    assert browse.as_(admins[1]).open("admin.recovery.case", public_id=case.public_id).words.count("Was stopped")


def test_signing_in_by_something_own_ends_it_a_work_mailbox_does_not(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any, outbox: Postbox
) -> None:
    """I9, R11: whoever gets in needs no help; an ex-employer who reads the old mailbox ends nothing.

    It does not end in silence: who asked, the admins and the owner hear of it.
    """
    work = make.address(lost, "ada@tide.example", kind="work", primary=False)
    case = ask(browse, letter)
    propose(browse.as_(admins[0]), case, lost)
    actions.open_session(lost.id, Device("b" * 64), through="link", address_id=work.id, by=VISITOR)
    db.session.commit()
    assert db.session.query(RecoveryCase).one().state == "proposed"
    set_password(lost, GOOD)
    db.session.query(EmailAddress).filter_by(id=work.id).update({"state": "retired", "live_norm": None})
    db.session.commit()
    visitor = browse.as_(None)
    know(visitor, lost)
    visitor.open("accounts.sign_in").submit("Continue", address="ada@harbour.example", password=GOOD)
    assert signed_in(visitor)
    db.session.rollback()
    assert db.session.query(RecoveryCase).one().state == "over"
    asker = outbox.last(NEW)
    assert asker.purpose == "recovery_over"
    assert "the owner of the account has signed in" in asker.text
    assert "Lovelace" not in asker.text
    told = [mail for mail in outbox.mails() if mail.purpose == "admins_told"]
    assert len({mail.to_address for mail in told}) == 2
    assert {"Ada Lovelace’s account back has ended, because the owner signed in" in mail.text for mail in told} == {
        True
    }
    own = outbox.last("ada@old.example")
    assert own.purpose == "recovery_needless"
    assert "somebody tried to get into the account" in own.text
    assert reaches_them(own), "R11: an address that was taken away is told, too"


def test_one_case_at_a_time(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any
) -> None:
    """R14: one open case for a person."""
    case = ask(browse, letter)
    propose(browse.as_(admins[0]), case, lost)
    other = RecoveryCase(full_name="Eve", address="eve@example.com", norm="eve@example.com", state="proved")
    db.session.add(other)
    db.session.commit()
    db.session.refresh(other)
    db.session.expunge(other)
    page = propose(browse.as_(admins[0]), other, lost)
    assert page.status == 409
    assert "running already" in page.words


@pytest.mark.parametrize("field", ["person", "evidence"])
def test_what_is_missing_is_said_and_nothing_is_lost(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any, field: str
) -> None:
    case = ask(browse, letter)
    page = browse.as_(admins[0]).open("admin.recovery.case", public_id=case.public_id)
    typed = {"person": f"Ada ({lost.public_id})", "evidence": "Spoke to her."} | {field: ""}
    page = page.submit("Propose", **typed)
    assert page.status == 422
    assert "Spoke to her." in page.text or lost.public_id in page.text


def test_refusing_tells_why(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any, outbox: Any
) -> None:
    """One admin is enough to say no."""
    case = ask(browse, letter)
    assert "Somebody can’t get in any more" in browse.as_(admins[0]).open("admin.day.index").words
    browse.as_(admins[0]).open("admin.recovery.case", public_id=case.public_id).submit(
        "Refuse", reason="We could not reach you."
    )
    assert "We could not reach you." in outbox.last(NEW).text


@pytest.mark.parametrize("end", ["refused", "stopped"])
def test_the_page_of_a_request_goes_on_saying_how_it_ended(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any, end: str
) -> None:
    """I9, I12: for two weeks, and it opens nothing and names nobody; afterwards the link is used up."""
    visitor = browse.as_(None)
    visitor.open("accounts.no_way_in").submit("Ask for help", full_name="Ada", address=NEW, told="I sat beside Ben.")
    link = letter(NEW)
    visitor.get(link).submit("Yes, send my request")
    db.session.rollback()
    case = db.session.query(RecoveryCase).one()
    propose(browse.as_(admins[0]), case, lost)
    if end == "refused":
        page = browse.as_(admins[0]).open("admin.recovery.case", public_id=case.public_id)
        page.submit("Refuse", reason="Nobody answers at her number.")
    else:
        browse.as_(None).get(letter("ada@old.example")).submit("It was not me")
    page = visitor.get(link)
    assert page.heading == "Your request has ended"
    assert "Lovelace" not in page.text
    assert ("written to you why" in page.words) == (end == "refused")
    assert visitor.get(link.replace("no-way-in", "back-in")).status == 410
    with time_machine.travel(clock.now() + timedelta(days=15)):
        assert browse.as_(None).get(link).status == 410


def test_the_page_of_a_request_says_when_the_way_in_was_mailed(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any
) -> None:
    """I9: the first link goes on saying how it stands, as long as the second one is good; it opens nothing."""
    visitor = browse.as_(None)
    visitor.open("accounts.no_way_in").submit("Ask for help", full_name="Ada", address=NEW, told="I sat beside Ben.")
    first = letter(NEW)
    visitor.get(first).submit("Yes, send my request")
    db.session.rollback()
    case = db.session.query(RecoveryCase).one()
    db.session.expunge(case)
    propose(browse.as_(admins[0]), case, lost)
    confirm(browse.as_(admins[1]), case)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        ripen()
        mailed = clock.now()
        page = visitor.get(first)
        assert page.heading == "Look into your mail"
        assert f"to {NEW} on {absolute(mailed).rpartition(',')[0]}" in page.words
        assert f"until {absolute(mailed + timedelta(days=14)).rpartition(',')[0]}" in page.words
        assert "Lovelace" not in page.text
        assert visitor.get(first.replace("no-way-in", "back-in")).status == 410
    with time_machine.travel(mailed + timedelta(days=13)):
        assert visitor.get(first).heading == "Look into your mail"
        visitor.get(letter(NEW)).submit("Get in")
        assert visitor.get(first).heading == "You are back in"
    with time_machine.travel(mailed + timedelta(days=30)):
        assert visitor.get(first).status == 410


def test_nobody_learns_whether_somebody_is_a_member(browse: Browser, make: Make, lost: Person, letter: Any) -> None:
    """I12: with a member's address, a stranger's, a member's name or none: same words, same statements."""
    make.member("Mia Member", address="mia@example.org")
    pages = []
    for name, address in (("Mia Member", "mia@example.org"), ("No Body", "nobody@example.org")):
        visitor = browse.as_(None)
        pages.append(
            (
                address,
                visitor.open("accounts.no_way_in").submit(
                    "Ask for help", full_name=name, address=address, told="Lost."
                ),
            )
        )
    assert len({(page.status, same_words(page, address), len(page.statements)) for address, page in pages}) == 1


def test_an_address_of_a_firm_is_not_taken(browse: Browser, make: Make) -> None:
    """I4: what comes back must stay."""
    make.organisation("Harbour Optics", domain="harbour.example")
    page = browse.open("accounts.no_way_in").submit(
        "Ask for help", full_name="Ada", address="ada@harbour.example", told="Lost."
    )
    assert page.status == 422
    assert "address of a company" in page.words


def test_an_address_that_another_account_holds_brings_nobody_in(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any
) -> None:
    """I3, R2: said beside the person, and what was written is still there."""
    case = ask(browse, letter)
    make.address(make.member(), NEW, primary=False)
    page = propose(browse.as_(admins[0]), case, lost)
    assert page.status == 422
    beside = page.tree.find(".//*[@id='person-error']")
    assert f"{NEW} belongs to another account." in "".join(beside.itertext())
    assert "Somebody was faster" not in page.words
    assert "Spoke to her." in page.text
    assert lost.public_id in page.text
    db.session.rollback()
    assert db.session.query(RecoveryCase).one().state == "proved"


def given_back(make: Make, ada: Person | None = None) -> Person:
    """Ada, whose account was given back two days ago."""
    ada = ada or make.member("Ada Lovelace", address=NEW)
    done = RecoveryCase(full_name="Ada Lovelace", address=NEW, norm=NEW, state="done", person_id=ada.id,
                        ended_at=clock.now() - timedelta(days=2))  # fmt: skip
    db.session.add(done)
    touch_access(ada.id)
    db.session.commit()
    return ada


def test_nothing_final_is_done_in_the_week_of_calm(browse: Browser, make: Make, outbox: Postbox) -> None:
    """R14: no erasure, no copy, no joining; the pages say so and from when on, before anything is filled in."""
    ada = make.member("Ada Lovelace", address=NEW)
    her = browse.as_(ada)
    before = her.open("rights.erase")  # a page that was open already, for its form
    given_back(make, ada)
    ends = absolute(clock.now() + timedelta(days=5)).rpartition(",")[0]
    for name, button in (
        ("rights.erase", "Erase my account"), ("rights.export", "Make a copy"), ("rights.join_accounts", "Mail me the link")
    ):  # fmt: skip
        page = her.open(name)
        assert f"less than a week ago. From {ends}" in page.words
        assert button not in page.words
    refused = before.submit("Erase my account", sure="y")
    assert refused.status == 403
    assert f"From {ends}" in refused.words
    db.session.rollback()
    assert db.session.query(Erasure).count() == 0
    assert signed_in(her)
    assert outbox.mails(NEW) == []
    with time_machine.travel(clock.now() + timedelta(days=5, minutes=1)):
        page = browse.as_(ada).open("rights.erase").submit("Erase my account", sure="y")
        assert "signing in calls it off" in page.words


def test_the_page_to_say_hello_tells_of_that_week(browse: Browser, make: Make) -> None:
    """R14: before anything is written."""
    ben, her = make.member("Ben Okafor"), browse.as_(given_back(make))
    page = her.open("messages.hello", public_id=ben.public_id)
    assert "less than a week ago. From " in page.words
    assert "What do you write for" not in page.words
    with time_machine.travel(clock.now() + timedelta(days=5, minutes=1)):
        assert "What do you write for" in her.open("messages.hello", public_id=ben.public_id).words


def test_a_copy_of_before_waits_too(browse: Browser, make: Make) -> None:
    """R14: what its owner had made before the account was given back is not taken along either."""
    ada = given_back(make)
    copy = DataExport(
        person_id=ada.id, state="ready", file_key="x", size=1, ready_at=clock.now(),
        expires_at=clock.now() + timedelta(days=6),
    )  # fmt: skip
    db.session.add(copy)
    db.session.commit()
    her = browse.as_(ada)
    assert "Download" not in her.open("rights.export").words
    page = her.open("rights.download", public_id=copy.public_id)
    assert page.status == 403
    assert "less than a week ago" in page.words


def test_another_account_does_not_swallow_it_in_that_week(browse: Browser, make: Make, letter: Any) -> None:
    """R14: joined into another account, everything could be taken along there."""
    given_back(make)
    eve = browse.as_(make.member("Eve", address="eve@example.org"))
    eve.open("rights.join_accounts").submit("Mail me the link", address=NEW)
    page = eve.get(letter(NEW)).submit("Show me both")
    assert page.status == 403
    assert "The other account was given back less than a week ago" in page.words
    db.session.rollback()
    assert db.session.query(MergeRequest).one().proved_at is None


def test_a_week_of_calm_follows(
    browse: Browser, make: Make, lost: Person, admins: tuple[Person, Person], letter: Any
) -> None:
    """R14: no messages, no copy of everything and no joining for seven days after an account was given back, then as before."""
    other = make.member()
    case = ask(browse, letter)
    propose(browse.as_(admins[0]), case, lost)
    confirm(browse.as_(admins[1]), case)
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1)):
        ripen()
        browse.get(letter(NEW)).submit("Get in")
        db.session.rollback()
        viewer = make.viewer(lost)
        assert not can_say_hello(viewer, other.id)
        with pytest.raises(DomainError):
            say_hello(other, "Hello!", by=viewer)
        with pytest.raises(DomainError):
            ask_for_export(lost.id, by=viewer)
        with pytest.raises(DomainError):
            ask_to_join(lost.id, "another@example.org", by=viewer)
        with time_machine.travel(clock.now() + timedelta(days=7, minutes=1)):
            assert can_say_hello(make.viewer(lost), other.id)
            assert ask_for_export(lost.id, by=make.viewer(lost))[1]
    assert db.session.query(Session).filter_by(opened_through="recovery").count() == 1
