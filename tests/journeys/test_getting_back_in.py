"""Phone lost, mailbox gone: two admins help, a week passes, and the account is the same (I9, R14); JavaScript is off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import time_machine

from portal.accounts import actions
from portal.accounts.models import AddressDispute, EmailAddress, RecoveryCase
from portal.core import clock
from portal.core.access import system_viewer
from portal.core.db import add, db
from tests.accounts.keys import set_authenticator

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

NEW = "ada.new@example.com"
TOLD = "I was in firmware from 2015 to 2020, beside Ben. You may call me: my number is in my old record."


def test_an_account_comes_back(
    someone: Callable[..., Any], make: Make, letter: Callable[[str], str], outbox: Postbox
) -> None:
    ada = make.member("Ada Lovelace", address="ada@gone.example")
    set_authenticator(ada)
    topic = make.topic(author=ada, title="What became of the night shift?")
    ann, bob = make.member("Ann Admin", roles=("admin",)), make.member("Bob Admin", roles=("admin",))

    her = someone(by="plain")
    her.go("/sign-in").press("None of this works any more").look_at("no-way-in")
    her.fill(full_name="Ada Lovelace", address=NEW, told=TOLD).press("Ask for help").sees("Look into your mail")
    link = letter(NEW)
    her.go(link).look_at("help-asked").press("Yes, send my request").sees("Two people look at it").look_at("help-case")

    first = someone(ann, by="plain")
    first.go("/admin/recovery").press("Ada Lovelace").look_at("admin-case")
    first.fill(person=f"Ada Lovelace ({ada.public_id})", evidence="Called the number of 2019: it is her.").press(
        "Propose"
    )
    first.sees("another admin has to confirm it")
    second = someone(bob, by="plain")
    second.go("/admin/recovery").look_at("admin-cases").press("Ada Lovelace").look_at("admin-case-second")
    second.fill(evidence="She told me who sat beside her.").press("Confirm").sees("waiting period begins")
    her.go(link).sees("You can get in soon").look_at("help-waiting")
    someone(by="plain").go(letter("ada@gone.example")).look_at("stop-recovery")

    with time_machine.travel(clock.now() + timedelta(days=7, hours=1)):
        actions.ripen_recoveries(by=system_viewer())
        db.session.commit()
        her.go(letter(NEW)).look_at("back-in").press("Get in").sees("You are back", "One way in").look_at(
            "back-in-settings"
        )
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
    someone(olga, by="plain").go("/settings/addresses").sees("Is this address still yours?").look_at(
        "address-in-question"
    )
    admin = someone(make.member(roles=("admin",)), by="plain")
    admin.go("/admin/disputes").look_at("admin-addresses").press("info@tide.example").look_at("admin-address")
    admin.fill(give="keep", reason="The firm says so.").press("Decide").sees("No address is in question")


def test_new_pages_in_every_look(someone: Callable[..., Any], make: Make) -> None:
    """Wide and narrow, light and dark: nothing is cut, nothing scrolls sideways, axe finds nothing."""
    ada = make.member("Ada Lovelace", address="ada@example.org")
    case = add(
        RecoveryCase(full_name="Ada Lovelace", address=NEW, norm=NEW, told=TOLD, state="proved", proved_at=clock.now())
    )
    db.session.commit()
    found = []
    her, boss = someone(ada), someone(make.member(roles=("admin",)))
    for name, one, path in (
        ("keys", her, "/settings/how-you-get-in"), ("new-passkey", her, "/settings/how-you-get-in/passkeys/new"),
        ("new-codes", her, "/settings/how-you-get-in/codes/new"), ("case", boss, f"/admin/recovery/{case.public_id}"),
        ("no-way-in", someone(), "/no-way-in"), ("paper", someone(), "/sign-in/code-on-paper"), ("door", someone(), "/sign-in"),
        ("another-way", someone(), "/sign-in/another-way"),
    ):  # fmt: skip
        found += one.go(path).look_all_ways(f"look-{name}")
    assert not found, "\n".join(found)
