"""The accounts' mails: three parts, neutral subjects, one address, and no way in where there must be none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from portal.accounts import emails, queries, tickets
from portal.accounts.models import Applicant, EmailAddress, Invitation, RecoveryCase
from portal.core import clock, settings
from portal.core.db import add, db

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.factories import Make

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "email" / "accounts"
TELLING = ("layoff", "laid off", "kestrel", "former", "employer", "alumni", "ada", "harbour")


def recovery_letters(make: Make, own: EmailAddress, secret: str, ends: datetime) -> None:
    """What is written when somebody lost every way in, and how one gets in changed."""
    for what in ("passkey added", "passkey removed", "codes made", "provider connected", "provider removed"):
        emails.way_in_changed(own.person_id, what, "My phone")
    case = RecoveryCase(full_name="Li Wei", address="li@example.com", norm="li@example.com", state="refused",
                        ended_because="Nobody knows.")  # fmt: skip
    emails.help_link(case, secret, ends)
    for at in (None, clock.now()):
        emails.recovery_running(own, secret, ends, at)
    for holds in (True, False):
        emails.address_disputed(EmailAddress(id=0, person_id=own.person_id, address="x@example.com"), holds=holds)
        emails.dispute_decided(EmailAddress(id=0, person_id=own.person_id, address="x@example.com"), gained=holds)
    emails.recovery_ready(case, secret, ends)
    emails.recovery_over(case)
    case.state = "over"
    for signed_in in (True, False):
        emails.recovery_over(case, signed_in=signed_in)
    emails.recovery_needless(own.person_id)
    emails.recovery_done(own.person_id, [own])
    make.member(roles=("admin",), address="admin@example.org")
    for what in ("veto", "signed in", "break-glass"):
        emails.admins_told(what, "Nobody knows.", own.person_id)


@pytest.fixture
def letters(make: Make, outbox: Any) -> Callable[[], dict[str, Any]]:
    """Every mail that accounts can write, to one person with an own and a work address."""

    def write() -> dict[str, Any]:
        ada = make.member("Ada Lovelace", address="ada@example.org")
        work = make.address(ada, "ada@harbour.example", kind="work", primary=False)
        own = queries.live_addresses(ada.id)[0]
        secret, ends = tickets.issue("sign_in", ada.id, own.id)
        applicant = add(
            Applicant(address="li@gmail.com", norm="li@gmail.com", full_name="Li Wei", reason="Nobody knows.")
        )
        for one in (emails.sign_in_link, emails.device_link, emails.confirm_link):
            one(own, secret, ends, "Firefox on Linux")
        emails.verify_link(own, secret, ends)
        emails.reset_link(work, secret, ends, waits=True)
        emails.reset_waits(own, secret, ends, clock.now())
        emails.address_removed(ada.id, work, secret, ends)
        emails.removal_undone(ada.id, work)
        emails.address_added(ada.id, work)
        emails.addresses_retired(ada.id, [work], "Harbour Optics")
        for how in ("set", "changed"):
            emails.password_changed(ada.id, how=how)
        for how in ("set up", "removed", "paper"):
            emails.second_step_changed(ada.id, how=how)
        emails.new_device(ada.id, "Firefox on Linux", clock.now())
        emails.reset_stopped(ada.id)
        emails.leaver(work, clock.today(), 7)
        emails.claimed(own)
        emails.already_member(own)
        letter = Invitation(public_id="x", address="ada@gmail.com", expires_at=ends)
        for number in (1, 2, 3):
            emails.invitation(ada, letter, secret, number=number)
        for state in ("suspended", "stale"):
            work.state = state
            emails.address_bounced(ada.id, work)
        own.state = "suspended"
        emails.address_bounced(ada.id, own)
        recovery_letters(make, own, secret, ends)
        emails.join_link(applicant, secret, ends)
        emails.approved(applicant, ada, secret, ends)
        emails.declined(applicant)
        db.session.commit()
        return {f"{mail.id} {mail.purpose}": mail for mail in outbox.mails()}

    return write


def test_every_template_is_written_with_subject_text_and_html(letters: Callable[[], dict[str, Any]]) -> None:
    """architecture.md §3: three parts, a reason, and nothing that was left open."""
    found = letters()
    assert {mail.purpose for mail in found.values()} == {path.stem for path in TEMPLATES.glob("*.txt")}
    for name, mail in found.items():
        assert "You get this because" in mail.text, name
        assert "<h1" in mail.html, name
        assert not re.search(r"{{|{%|None|Undefined", mail.text + mail.subject), name
        assert mail.security or mail.purpose == "invitation", name
        assert mail.kind == f"accounts.{mail.purpose}"


@pytest.mark.parametrize("contact", ["", "help@kestrel.example"])
def test_whoever_has_to_act_at_once_reads_where_to_write(make: Make, outbox: Any, contact: str) -> None:
    """R11: at the address of the settings; without one, the imprint says how to reach whoever runs the portal."""
    ada = make.member(address="ada@example.org")
    settings.set_value("contact_address", contact, by=make.system)
    emails.recovery_done(ada.id, queries.live_addresses(ada.id))
    emails.recovery_needless(ada.id)
    db.session.commit()
    for letter in outbox.mails("ada@example.org"):
        assert ("/imprint" in letter.text) == (not contact)
        assert (f"write to {contact}" if contact else "write to those who run the portal") in letter.text
        assert (f"mailto:{contact}" in letter.html) == bool(contact)


def test_subjects_are_neutral(letters: Callable[[], dict[str, Any]]) -> None:
    """R23: whoever sees a subject over a shoulder learns of no employer, layoff, group or name."""
    for name, mail in letters().items():
        assert not [word for word in TELLING if word in mail.subject.lower()], f"{name}: {mail.subject}"
        assert len(mail.subject) <= 60


def test_an_unproved_address_learns_nothing_of_the_person(letters: Callable[[], dict[str, Any]]) -> None:
    """R23: mails to an address that nobody has proved name neither person nor employer."""
    for name, mail in letters().items():
        if mail.purpose in ("verify", "invitation", "join", "help_link"):
            assert "Lovelace" not in mail.text + mail.html, name
            assert "Harbour" not in mail.text + mail.html, name


def test_mail_with_a_link_says_when_the_address_was_proved(letters: Callable[[], dict[str, Any]]) -> None:
    """R6: RFC 7293, so that a provider can hold back what is for a former holder."""
    for name, mail in letters().items():
        if mail.to_address == "ada@example.org":
            assert mail.headers["Require-Recipient-Valid-Since"].startswith("ada@example.org; "), name


def test_links_that_end_are_not_sent_afterwards(letters: Callable[[], dict[str, Any]]) -> None:
    """security.md §2: an expired token is not sent."""
    for name, mail in letters().items():
        holds_secret = re.search(r"/[\w-]{43}\b", mail.text)
        assert bool(holds_secret) == (mail.expires_at is not None), name


def test_work_and_stale_addresses_get_no_action(letters: Callable[[], dict[str, Any]], make: Make) -> None:
    """R11: notices there hold no link into the settings and no other address."""
    notices = {"address_added", "address_removed", "removal_undone", "retired", "password_changed", "second_step_changed", "new_device",
               "reset_stopped", "way_in_changed", "address_disputed", "dispute_decided", "recovery_needless"}  # fmt: skip
    for name, mail in letters().items():
        if mail.purpose in notices and mail.to_address == "ada@harbour.example":
            assert "/settings" not in mail.text + mail.html, name
            assert "/forgot" not in mail.text + mail.html, name
    assert db.session.query(EmailAddress).count() == 3
