"""The mailbox at work refuses mail, then ends with the work: the account goes on by an own address (I5, I8, R7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.accounts import actions
from portal.careers.actions import end_relation
from portal.careers.queries import relations_of
from portal.core import clock
from portal.core.db import db
from portal.core.partial_dates import PartialDate
from portal.organisations.actions import add_domain
from portal.organisations.queries import host

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

WORK, OWN = "ada@kestrel.example", "ada@example.org"


def test_a_mailbox_at_work_ends_and_the_account_does_not(
    someone: Callable[..., Any], make: Make, letter: Callable[[str], str], outbox: Postbox
) -> None:
    add_domain(host(), "kestrel.example", by=make.system)
    member = make.member("Ada Lovelace", relation="employee:current", address=OWN)
    make.address(member, WORK, kind="work", primary=False)

    actions.note_bounce(WORK, by=make.system)
    db.session.commit()
    nothing_comes_to(WORK, someone, outbox)
    ada = come_in_by(OWN, someone(), letter)
    ada.go("/settings/addresses").sees("Mail to it was refused").look_around("address-refused")

    end_relation(relations_of(member.id)[0], PartialDate.of(clock.today() - timedelta(days=1)), by=make.system)
    db.session.commit()
    nothing_comes_to(WORK, someone, outbox)
    again = come_in_by(OWN, someone(by="plain", phone=True), letter)
    again.go("/settings/addresses").sees("Ended with the work").go("/people/me").sees("Ada Lovelace")


def nothing_comes_to(address: str, someone: Callable[..., Any], outbox: Postbox) -> None:
    """The door says what it says to everybody, and mails nothing."""
    letters = len(outbox.mails())
    visitor = someone()
    visitor.go("/sign-in").fill(address=address).press("Continue").sees("Look into your mail")
    assert len(outbox.mails()) == letters


def come_in_by(address: str, one: Any, letter: Callable[[str], str]) -> Any:
    """Sign in by a mailed link."""
    one.go("/sign-in").fill(address=address).press("Continue").go(letter(address)).press("Sign in")
    return one.go("/people/me").sees("Ada Lovelace")
