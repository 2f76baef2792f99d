"""A leaver changes employer three times, and is the same member all along (A2, I5); JavaScript is off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.accounts.actions import invite
from portal.careers.actions import record_relation
from portal.consents.actions import ensure_legal_texts
from portal.core.db import db
from portal.core.partial_dates import PartialDate
from portal.organisations.actions import add_domain
from portal.organisations.queries import host

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.boards.models import Board
    from portal.people.models import Person
    from tests.factories import Make
    from tests.postbox import Postbox

WORK, OWN = "ada@kestrel.example", "ada@example.org"
MOVES = (("2024-03-31", "Harbour Mills"), ("2025-05-31", "Tidewater Scales"), ("2026-02-28", "Northgate Freight"))


@pytest.fixture
def leaver(make: Make) -> Person:
    """Somebody who works here, invited at the work address."""
    ensure_legal_texts(by=make.system)
    add_domain(host(), "kestrel.example", by=make.system)
    person = make.person("Ada Lovelace")
    record_relation(person, "employee", host(), start=PartialDate.parse("2015"), end=None, department="Firmware",
                    verified_by="admin", by=make.system)  # fmt: skip
    invite(person, WORK, by=make.system)
    db.session.commit()
    return person


def test_who_changes_employer_stays_the_same_member(
    someone: Callable[..., Any], make: Make, leaver: Person, letter: Callable[[str], str], outbox: Postbox
) -> None:
    board, her_page = make.board("Canteen"), f"/people/{leaver.public_id}"
    ada = someone(by="plain")
    take_the_account(ada, letter)
    write_a_topic(ada, board)
    for number, (day, firm) in enumerate(MOVES):
        ada.go("/moved").fill(moved_on=day, organisation=firm).press("Save my move")
        if number == 0:  # she was signed in through the address that has just ended
            ada.sees("Sign in").fill(address=OWN).press("Continue").go(letter(OWN)).press("Sign in")
        ada.sees(f"You are at {firm} now")
    ada.look_at("moved").go("/settings/career").sees("Kestrel & Lowe", *[firm for _, firm in MOVES])
    ada.go(her_page).sees("Ada Lovelace", "Northgate Freight")
    ada.go(f"/boards/{board.public_id}").sees("What became of the night shift?")
    ada.go("/settings/addresses").sees("Ended with the work")

    stranger, letters = someone(by="plain"), len(outbox.mails())
    stranger.go("/sign-in").fill(address=WORK).press("Continue").sees("Look into your mail")
    assert len(outbox.mails()) == letters, "nothing is mailed to the address that ended"
    stranger.go("/sign-in").fill(address=OWN).press("Continue")
    stranger.go(letter(OWN)).press("Sign in").go("/people/me").sees("Ada Lovelace")
    assert stranger.page.url.endswith(her_page), "the same person, at the same address"
    stranger.go(f"/boards/{board.public_id}").press("What became of the night shift?").sees("We still meet.")


def take_the_account(ada: Any, letter: Callable[[str], str]) -> None:
    """Claim by the invitation, and add an address of one's own."""
    ada.go(letter(WORK)).press("Take my account").fill(agree="y").press("Continue")
    ada.sees("Add an address of your own").fill(address=OWN).press("Add it and go on").press("Go on without")
    ada.go(letter(OWN)).press("Confirm").sees(f"{OWN} is confirmed")


def write_a_topic(ada: Any, board: Board) -> None:
    """Write something that must stay hers."""
    ada.go(f"/boards/{board.public_id}").press("New topic")
    ada.fill(title="What became of the night shift?", body="We still meet.").press("Post").sees("We still meet.")
