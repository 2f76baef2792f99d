"""A member has died: two of the host say so, the page says it quietly, the family is heard (I15, R19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make

PROOF = "Her brother wrote to us, with the notice of the paper."


def test_two_say_so_and_the_page_is_quiet(someone: Callable[..., Any], make: Make) -> None:
    ada = make.member("Ada Fern", address="ada@example.org", department="Firmware", days_ago=500)
    topic, page = make.topic(author=ada, title="Ferries", body="The last one left at noon."), f"/people/{ada.public_id}"
    hers, ben = someone(ada), someone(make.member("Ben Okafor"))
    stella, adam = (
        someone(make.member("Stella Two", roles=("staff",))),
        someone(make.member("Adam One", roles=("admin",))),
    )

    stella.go(page).open_menu("More").press("Say that they have died").look_around("memorial-propose")
    stella.fill(proof=PROOF).press("Note it").sees("Somebody else confirms")
    ben.go(page).misses("In memory of")
    adam.go("/").sees("waits for you").go("/memorials").sees(PROOF).look_around("memorial-to-confirm")
    adam.press("Confirm").sees("Nothing is mailed to this account any more")

    hers.go("/settings/career").sees("Sign in")
    ben.go(page).sees("In memory of Ada Fern", "This page is kept as it was").misses("Say hello").look_around(
        "in-memory"
    )
    ben.go(f"/topics/{topic.public_id}").sees("The last one left at noon.", "Ada Fern")

    tom = someone(by="plain")
    tom.go("/remembered").look_at("family")
    tom.fill(about="Ada Fern", sender="Tom Fern", address="tom@example.org", words="Please take her page away.")
    tom.press("Send").sees("Thank you for writing")
    adam.go("/memorials").sees("Please take her page away.").look_around("family-wrote")
    adam.press("Hide the page").sees("The page is hidden")
    ben.go(page).sees("There is nothing behind this door")
