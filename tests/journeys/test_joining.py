"""From a visitor to a member who has written: asked, let in, claimed, agreed, shown, said hello (A1, R21); by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

LI = "li@example.org"


def test_a_visitor_becomes_a_member_who_introduces_herself(
    someone: Callable[..., Any], make: Make, letter: Callable[[str], str], outbox: Postbox, wordings: None
) -> None:
    make.board("Introductions")
    li, admin = someone(by="keys"), someone(make.member("Ada Admin", roles=("admin",)))
    ask(li, letter)

    admin.go("/").press("Admin").press("I agree").sees("Somebody asks to join").press("Decide").sees(
        "Self-check"
    ).press("Li Wei").look_at("applicant")
    admin.sees("Asks Ada about the blue oscilloscope").press("Let them in").sees("Li Wei is invited")

    li.go(letter(LI)).look_at("invitation").press("Take my account").sees("This is the name others see")
    li.press("Continue").sees("Please agree before you go on", "Tell us whose address this is").look_at("who-you-are")
    li.fill(kind="personal", agree="y").press("Continue").press("Go on without").sees("Good").look_at("first-home")

    li.go("/settings/profile").fill(headline="Scales, then sailing", headline_audience="connections").press("Save")
    li.sees("Scales, then sailing").look_at("own-profile")
    li.go("/settings/profile/as/member").sees("Li Wei").misses("Scales, then sailing")

    li.go("/boards").press("Introductions").press("New topic").sees("All members").look_at("first-topic")
    li.fill(title="Hello from Leith", body="Firmware, 2011 to 2014. I **sail** now.").press("Post")
    li.sees("Hello from Leith", "I sail now.")
    admin.go("/boards").press("Introductions").press("Hello from Leith").sees("Li Wei", "I sail now.")


def ask(li: Any, letter: Callable[[str], str]) -> None:
    """Ask to join: an address first, then who one is."""
    li.go("/").press("Ask to join").fill(address=LI).press("Continue").sees("Look into your mail").look_at(
        "join-mailed"
    )
    li.go(letter(LI)).look_at("join-form").press("Send my request").sees("Choose one.")
    li.fill(full_name="Li Wei", kind="employee", department="Firmware", start="2011", end="2014-06",
            proof="Asks Ada about the blue oscilloscope.")  # fmt: skip
    li.press("Send my request").sees("Your request is being read").look_at("join-state")
