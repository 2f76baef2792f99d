"""Phone lost: a code on paper; paper lost too: two admins help, a week passes, and the account is the same (I9, R14)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import time_machine

from portal.accounts import actions
from portal.accounts.models import AddressDispute, EmailAddress
from portal.core import clock
from portal.core.access import system_viewer
from portal.core.db import add, db
from tests.accounts.keys import set_authenticator
from tests.journeys.phone import with_phone

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

NEW = "ada.new@example.com"
TOLD = "I was in firmware from 2015 to 2020, beside Ben. You may call me: my number is in my old record."


def test_a_lost_phone_and_a_code_on_paper(someone: Callable[..., Any], make: Make, at_home: str) -> None:
    """R10, R14: the phone with the passkey is gone, and the mailbox is not at hand: a code opens, once."""
    her = someone(make.member("Ada Lovelace", address="ada@gone.example"))
    with_phone(her)
    her.go("/settings/how-you-get-in").sees("One way in").look_around("one-way-in")
    her.press("Add a passkey").look_around("new-passkey").fill(name="Lost phone").press("Make the passkey")
    her.press("Make ten codes").look_around("new-codes").press("Make ten codes")
    codes = her.sees("shown this once").look_around("codes-on-paper").page.locator("main code").all_inner_texts()
    code = codes[0]
    her.context.grant_permissions(["clipboard-read", "clipboard-write"])
    her.press("Copy").sees("Copied")
    assert code in her.page.evaluate("navigator.clipboard.readText()").splitlines()
    her.page.emulate_media(media="print")
    assert [line for line in her.page.locator("body").inner_text().splitlines() if line][1:] == codes
    her.page.emulate_media(media="screen")
    her.press("I have kept them").sees("10 left")

    new_phone = someone(phone=True)
    with_phone(new_phone)
    new_phone.go("/sign-in").press("but I have a code on paper").fill(address="ada@gone.example", code=code)
    new_phone.press("Sign in").go("/settings/how-you-get-in").sees("9 left", "Lost phone")
    new_phone.press("Rename or remove").look_around("passkey").press("Remove this passkey").sees("Two ways in")
    new_phone.press("Add a passkey").fill(name="New phone").press("Make the passkey").sees("New phone", ": safe")

    finder = someone()  # whoever finds the paper beside the phone
    finder.go("/sign-in/code-on-paper").fill(address="ada@gone.example", code=code).press("Sign in")
    finder.sees("There is a problem").look_around("code-used-up")


def test_an_account_comes_back(
    someone: Callable[..., Any], make: Make, letter: Callable[[str], str], outbox: Postbox
) -> None:
    ada = make.member("Ada Lovelace", address="ada@gone.example")
    set_authenticator(ada)
    topic = make.topic(author=ada, title="What became of the night shift?")
    ann, bob = make.member("Ann Admin", roles=("admin",)), make.member("Bob Admin", roles=("admin",))

    her = someone()
    her.go("/sign-in").press("None of this works any more").look_around("no-way-in")
    her.fill(full_name="Ada Lovelace", address=NEW, told=TOLD).press("Ask for help").sees("Look into your mail")
    link = letter(NEW)
    her.go(link).look_around("help-asked").press("Yes, send my request").sees("Two people look at it").look_around(
        "help-case"
    )

    first = someone(ann)
    first.go("/admin/recovery").press("Ada Lovelace").look_around("admin-case")
    first.fill(person=f"Ada Lovelace ({ada.public_id})", evidence="Called the number of 2019: it is her.").press(
        "Propose"
    )
    first.sees("another admin has to confirm it")
    second = someone(bob, by="plain")
    second.go("/admin/recovery").look_at("admin-cases").press("Ada Lovelace").look_at("admin-case-second")
    second.fill(evidence="She told me who sat beside her.").press("Confirm").sees("waiting period begins")
    her.go(link).sees("You can get in soon").look_around("help-waiting")
    someone().go(letter("ada@gone.example")).look_around("stop-recovery")

    with time_machine.travel(clock.now() + timedelta(days=7, hours=1)):
        actions.ripen_recoveries(by=system_viewer())
        db.session.commit()
        her.go(letter(NEW)).look_around("back-in").press("Get in").sees("You are back", "One way in")
        her.go(f"/topics/{topic.public_id}").sees("What became of the night shift?", "Ada Lovelace")


def test_pages_of_an_address_in_question(someone: Callable[..., Any], make: Make) -> None:
    """I7: as the holder and an admin see it."""
    olga, nina = (
        make.member("Olga Oldham", address="olga@example.org"),
        make.member("Nina Newman", address="nina@example.org"),
    )
    held = make.address(olga, "info@tide.example", primary=False)
    claim = add(
        EmailAddress(person_id=nina.id, address="info@tide.example", norm="info@tide.example", domain="tide.example")
    )
    add(AddressDispute(address_id=held.id, claim_id=claim.id, holder_id=olga.id, claimant_id=nina.id))
    db.session.commit()
    someone(olga).go("/settings/addresses").sees("Is this address still yours?").look_around("address-in-question")
    admin = someone(make.member(roles=("admin",)))
    admin.go("/admin/disputes").look_around("admin-addresses").press("info@tide.example").look_around("admin-address")
    admin.fill(give="keep", reason="The firm says so.").press("Decide").sees("No address is in question")
