"""Erased without asking anybody: hidden at once, thought again, asked anew, and gone (P5, R26)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import time_machine

from portal.core import clock
from portal.core.db import db
from portal.core.jobs import enqueue
from portal.rights.jobs import carry_out_erasures

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

OWN = "quill@example.org"


def test_an_account_is_erased_after_days_of_grace(
    someone: Callable[..., Any], make: Make, letter: Callable[[str], str], outbox: Postbox, work: Callable[[], int]
) -> None:
    quill = make.member("Quill Feather", address=OWN)
    topic, page = make.topic(author=quill, title="Ferries", body="I remember."), f"/people/{quill.public_id}"
    hers, other_device, ben = someone(quill), someone(quill, phone=True), someone(make.member("Ben Okafor"))

    hers.go("/settings/your-data").press("Erase my account").sees("Nobody has to agree")
    hers.press("Erase my account").sees("Tick this if you want your account to be erased").look_around(
        "erase-not-ticked"
    )
    hers.fill(sure="y").press("Erase my account").sees("Nobody sees you any more", "signing in calls it off")
    hers.look_around("erase-asked")
    other_device.go("/settings/career").sees("Sign in")
    ben.go(page).sees("There is nothing behind this door")
    ben.go(f"/topics/{topic.public_id}").sees("Former member", "I remember.").misses("Quill")

    come_in(hers, letter)
    ben.go(page).sees("Quill Feather")

    hers.go("/settings/erase").fill(posts="take", sure="y").press("Erase my account").sees("Nobody sees you any more")
    with time_machine.travel(clock.now() + timedelta(days=15)):
        enqueue(carry_out_erasures)
        db.session.commit()
        work()
        letters = len(outbox.mails())
        hers.go("/sign-in").fill(address=OWN).press("Continue").sees("Look into your mail")
        assert len(outbox.mails()) == letters, "the address belongs to nobody any more"
        ben = someone(make.member("Bea Okafor"))
        ben.go(page).sees("There is nothing behind this door")
        ben.go(f"/topics/{topic.public_id}").sees("Withdrawn by its author").misses("Quill", "I remember.").look_at(
            "words-gone"
        )
        ben.go("/search?q=quill&tab=people").misses("Quill Feather")


def come_in(one: Any, letter: Callable[[str], str]) -> None:
    """Signing in calls it off, and says so."""
    one.go("/sign-in").fill(address=OWN).press("Continue").go(letter(OWN)).press("Sign in")
    one.sees("Nothing is erased: your account stays")
