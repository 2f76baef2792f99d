"""Mail that comes back: what an address may still do, who hears of it, and what its person can do (R7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import update

from portal.accounts import actions, queries
from portal.accounts.listeners import reaches_them
from portal.accounts.models import EmailAddress
from portal.core import clock, mail, smtp, suppression
from portal.core import outbox as posting
from portal.core.db import db
from portal.core.errors import NotAllowed
from tests.core.test_mail import Inbox, inbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.application import Portal
    from portal.people.models import Person
    from tests.browse import Browser
    from tests.factories import Make
    from tests.postbox import Postbox

__all__ = ["inbox"]


@pytest.fixture
def ada(make: Make) -> Person:
    """A member with two addresses of her own and one of her work."""
    ada = make.member("Ada Lovelace", address="ada@gmail.com")
    make.address(ada, "home@example.org", primary=False)
    make.address(ada, "ada@elsewhere.example", kind="work", primary=False)
    db.session.execute(update(EmailAddress).values(proved_at=clock.now() - timedelta(days=60)))
    db.session.commit()
    return ada


def comes_back(
    person: Person, to: str = "ada@gmail.com", *, hard: bool = True, sent_ago: timedelta = timedelta(0)
) -> None:
    """A mail went out and comes back."""
    row = posting.post_mail("tests.tea", to, "Tea", "Tea is ready.", person_id=person.id)
    row.state, row.sent_at = "sent", clock.now() - sent_ago
    assert posting.note_bounce(row, hard=hard, said="5.1.1" if hard else "4.4.1")
    db.session.commit()


def state(address: str) -> str:
    """What an address is now."""
    db.session.rollback()
    return str(db.session.query(EmailAddress.state).filter_by(norm=address).scalar())


class TestStates:
    """One hard bounce suspends, a second is dead; three soft ones within two weeks are stale."""

    def test_one_suspends_a_second_is_dead(self, ada: Person) -> None:
        """R7."""
        comes_back(ada)
        assert state("ada@gmail.com") == "suspended"
        comes_back(ada)
        assert state("ada@gmail.com") == "dead"

    def test_what_was_under_way_already_is_no_second_one(self, ada: Person) -> None:
        """R7: three mails of one morning that come back together are one fact."""
        comes_back(ada)
        comes_back(ada, sent_ago=timedelta(hours=2))
        assert state("ada@gmail.com") == "suspended"

    def test_three_soft_ones_in_two_weeks_are_stale(self, ada: Person) -> None:
        """R7: two are not, and old ones don't count."""
        with time_machine.travel(clock.now() - timedelta(days=15)):
            comes_back(ada, hard=False)
        for expected in ("live", "live", "stale"):
            comes_back(ada, hard=False)
            assert state("ada@gmail.com") == expected

    def test_a_mail_from_before_it_was_proved_says_nothing(self, ada: Person) -> None:
        comes_back(ada, sent_ago=timedelta(days=61))
        assert state("ada@gmail.com") == "live"

    def test_a_mail_to_a_former_holder_says_nothing(self, ada: Person, make: Make) -> None:
        """I7."""
        comes_back(make.person())
        assert state("ada@gmail.com") == "live"

    def test_only_mail_servers_tell_it(self, ada: Person, make: Make) -> None:
        with pytest.raises(NotAllowed):
            actions.note_bounce("ada@gmail.com", by=make.viewer(ada))

    def test_an_imported_address_is_only_marked(self, make: Make) -> None:
        someone = make.person()
        make.address(someone, "old@example.org", state="unverified", primary=False)
        comes_back(someone, "old@example.org")
        row = db.session.query(EmailAddress).filter_by(norm="old@example.org").one()
        assert (row.state, row.bounced_at is not None) == ("unverified", True)

    def test_only_the_link_that_confirms_it_still_goes_to_a_suspended_one(self, ada: Person) -> None:
        letter = posting.post_mail("tests.tea", "ada@gmail.com", "Tea", "Tea is ready.", person_id=ada.id)
        assert reaches_them(letter)
        comes_back(ada)
        assert not reaches_them(letter)
        letter.security = True
        assert reaches_them(letter)


class TestTelling:
    """The person hears of it on the site and at the other addresses."""

    def test_the_other_addresses_hear_and_only_own_ones_learn_which(self, ada: Person, outbox: Postbox) -> None:
        """R11: a notice to a work address has no link and names no other address."""
        comes_back(ada)
        told = {row.to_address: row for row in outbox.mails(purpose="address_bounced")}
        assert told.keys() == {"home@example.org", "ada@elsewhere.example"}
        assert "ada@gmail.com" in told["home@example.org"].text
        assert "/settings/addresses" in told["home@example.org"].text
        assert "ada@gmail.com" not in told["ada@elsewhere.example"].text
        assert "/settings/" not in told["ada@elsewhere.example"].text

    def test_every_page_says_so_until_it_is_confirmed_again(
        self, ada: Person, browse: Browser, letter: Callable[..., str]
    ) -> None:
        her = browse.as_(ada)
        assert "does not take our mail" not in her.get("/").words
        comes_back(ada)
        page = her.get("/")
        assert "ada@gmail.com does not take our mail any more" in page.words
        page = page.follow("See what you can do")
        assert "Mail to it was refused" in page.words
        assert "any more. See what" not in page.words
        page.submit("Mail the link again")
        her.get(letter("ada@gmail.com")).submit("Confirm")
        assert state("ada@gmail.com") == "live"
        assert "does not take our mail" not in her.get("/").words

    def test_removing_it_ends_the_notice(self, ada: Person, browse: Browser) -> None:
        her = browse.as_(ada)
        comes_back(ada)
        row = db.session.query(EmailAddress).filter_by(norm="ada@gmail.com").one()
        her.open("accounts.addresses_remove", public_id=row.public_id).submit("Remove")
        assert "does not take our mail" not in her.get("/").words

    def test_nobody_else_sees_it(self, ada: Person, browse: Browser, make: Make) -> None:
        comes_back(ada)
        assert "does not take our mail" not in browse.as_(make.member("Ben Okafor")).get("/").words


class TestTheWishNotToBeWrittenTo:
    """R26: shown to whose it is, and taken back by nobody else."""

    def test_the_owner_takes_it_back(self, ada: Person, browse: Browser, make: Make) -> None:
        suppression.suppress("ada@gmail.com", why="asked by a click", by=make.system)
        db.session.commit()
        page = browse.as_(ada).open("accounts.addresses")
        assert "You asked us not to write here" in page.words
        page.submit("Write here again")
        assert not suppression.is_suppressed("ada@gmail.com")

    def test_nobody_else_does(self, ada: Person, make: Make) -> None:
        suppression.suppress("ada@gmail.com", why="asked by a click", by=make.system)
        row = db.session.query(EmailAddress).filter_by(norm="ada@gmail.com").one()
        for other in (make.member("Eve Lowe"), make.member("Max Admin", roles=("admin",))):
            with pytest.raises(NotAllowed):
                actions.write_again(row, by=make.viewer(other))


def test_a_server_that_refuses_is_heard_at_once(
    app: Portal, ada: Person, inbox: Inbox, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R7, from end to end: a real mail server refuses an address, it is suspended, and the others are told."""
    monkeypatch.setitem(app.config, "MAIL_SUPPRESS_SEND", False)
    transport = smtp.SmtpTransport(app, f"smtp://127.0.0.1:{inbox.controller.port}", "house@example.org")  # type: ignore[attr-defined]
    monkeypatch.setitem(app.extensions, mail.TRANSPORT, transport)
    inbox.refuses = {"ada@gmail.com": "550 5.7.1 we do not like your network"}
    write(ada)
    work()
    assert state("ada@gmail.com") == "live", "that was about us, not about the address"
    inbox.refuses = {"ada@gmail.com": "550 5.1.1 no such user"}
    write(ada)
    work()
    transport.rest()
    assert state("ada@gmail.com") == "suspended"
    assert queries.primary_address(ada.id) == "home@example.org"
    told = [(envelope.rcpt_tos[0], message["Subject"]) for envelope, message in inbox.received]
    subject = "A mailbox of yours does not take our mail"
    assert sorted(told) == [("ada@elsewhere.example", subject), ("home@example.org", subject)]


def write(person: Person) -> None:
    """Something is posted to her."""
    posting.post_mail("tests.tea", "ada@gmail.com", "Tea", "Tea is ready.", person_id=person.id)
    db.session.commit()
