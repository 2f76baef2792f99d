"""Three employers, one account: claimed by an own address, opened by a passkey, moved twice (A2, A10, I1, I5, I13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.accounts.actions import invite
from portal.careers.actions import record_relation
from portal.core.db import db
from portal.core.partial_dates import PartialDate
from portal.organisations.actions import add_domain
from portal.organisations.queries import host
from tests.journeys.phone import with_phone

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.boards.models import Board
    from portal.people.models import Person
    from tests.factories import Make
    from tests.postbox import Postbox

WORK, OWN = "ada@kestrel.example", "ada@example.org"
TOPIC = "What became of the night shift?"


@pytest.fixture
def leaver(make: Make, wordings: None) -> Person:
    """Somebody who works here, whose record nobody has claimed; invited at an own address."""
    add_domain(host(), "kestrel.example", by=make.system)
    person = make.person("Ada Lovelace")
    record_relation(person, "employee", host(), start=PartialDate.parse("2015"), end=None, department="Firmware",
                    verified_by="admin", by=make.system)  # fmt: skip
    invite(person, OWN, by=make.system)
    db.session.commit()
    return person


def test_three_employers_and_the_same_member(
    someone: Callable[..., Any], make: Make, leaver: Person, letter: Callable[[str], str], outbox: Postbox, at_home: str
) -> None:
    board, her_page = make.board("Canteen"), f"/people/{leaver.public_id}"
    ada = someone()
    with_phone(ada)
    take_the_account(ada, letter)
    write_a_topic(ada, board)
    move_and_think_again(ada)
    for day, firm, title in (("2025-03-31", "Harbour Mills", "Head of scales"), ("2026-02-28", "Tidewater Scales", "")):
        ada.go("/moved").fill(moved_on=day, organisation=firm, title=title).press("Save my move")
        ada.sees(f"You are at {firm} now", "Nothing: nobody is told")
    ada.go("/settings/career").sees("Kestrel & Lowe", "Harbour Mills", "Tidewater Scales").look_around(
        "career-of-three"
    )
    ada.go("/settings/addresses").sees("Ended with the work").look_around("address-that-ended")

    letters = len(outbox.mails())
    reader = someone()  # whoever reads her old mailbox
    reader.go("/sign-in").fill(address=WORK).press("Continue").sees("Look into your mail")
    assert len(outbox.mails()) == letters, "nothing is mailed to the address that ended"

    ada.context.clear_cookies()
    ada.go("/sign-in").press("Sign in with a passkey").go("/people/me").sees("Ada Lovelace", "Tidewater Scales")
    assert ada.page.url.endswith(her_page), "the same person, at the same address"
    ada.go(f"/boards/{board.public_id}").press(TOPIC).sees("We still meet.")


def take_the_account(ada: Any, letter: Callable[[str], str]) -> None:
    """Claim the record by the invitation, make a passkey, and tell the address at work."""
    ada.go(letter(OWN)).press("Take my account").fill(kind="personal", agree="y").press("Continue")
    ada.press("Go on without").go("/settings/career").sees("Kestrel & Lowe", "Firmware")
    ada.go("/settings/how-you-get-in").press("Add a passkey").fill(name="My phone").press("Make the passkey")
    ada.sees("Two ways in, all of them yours: safe")
    ada.go("/settings/addresses").fill(address=WORK).press("Add this address")
    ada.go(letter(WORK)).press("Confirm").sees(f"{WORK} is confirmed")


def write_a_topic(ada: Any, board: Board) -> None:
    """Write something that must stay hers."""
    ada.go(f"/boards/{board.public_id}").press("New topic")
    ada.fill(title=TOPIC, body="We still meet.").press("Post").sees("We still meet.")


def move_and_think_again(ada: Any) -> None:
    """A10: what follows is shown before, what may happen is ticked, and a day is left to take it back."""
    ada.go("/moved").sees("When this ends:", f"{WORK} stops signing you in", "Nobody is told unless you tick it")
    ada.look_around("moved")
    ada.fill(moved_on="2025-03-31", organisation="Harbour Mlils", wishes="introduce").press("Save my move")
    ada.sees("You are at Harbour Mlils now", "May happen", "introduce them at my new firm").look_around("moved-noted")
    ada.press("Take it back").sees("Taken back: your career is as it was before").misses("Mlils")
