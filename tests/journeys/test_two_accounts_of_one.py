"""Registered twice: the owner proves both accounts, sees both, makes them one, and two again (I10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make

NOW, OLD = "ada@example.org", "ada.old@example.org"


def test_a_second_account_is_joined_and_parted_by_its_owner(
    someone: Callable[..., Any], make: Make, letter: Callable[[str], str], work: Callable[[], int]
) -> None:
    ada, double = make.member("Ada Lovelace", address=NOW), make.member("Ada Byron", address=OLD)
    topic = make.topic(author=double, title="Ferries", body="From the old account.")
    her, other_device, ben = someone(ada), someone(double), someone(make.member("Ben Okafor"))

    her.go("/settings/your-data").press("Join two accounts")
    her.fill(address=OLD).press("Mail me the link").sees(f"If {OLD} belongs to another account").look_at("join-mailed")
    her.go(letter(OLD)).sees("Nothing is joined yet").look_around("join-proved").press("Show me both")
    her.sees("Ada Lovelace (this account, stays)", "Ada Byron (joins it)", "For 30 days")
    her.press("Make them one").sees("Tick this if both accounts are yours").look_around("join-not-ticked")
    her.fill(sure="y").press("Make them one").sees("Your two accounts are one now").look_around("joined")
    work()

    ben.go(f"/people/{double.public_id}").sees("Ada Lovelace").misses("Ada Byron")
    assert ben.page.url.endswith(ada.public_id), "the old page leads on"
    ben.go(f"/topics/{topic.public_id}").sees("Ada Lovelace", "From the old account.").misses("Ada Byron")
    other_device.go("/settings/career").sees("Sign in")

    her.press("Make two again").press("Make two again", within="dialog[open]").sees("They are two accounts again")
    her.look_at("parted")
    work()
    ben.go(f"/people/{double.public_id}").sees("Ada Byron")
    ben.go(f"/topics/{topic.public_id}").sees("Ada Byron", "From the old account.")
    come_back(other_device, letter).go("/people/me").sees("Ada Byron")


def come_back(one: Any, letter: Callable[[str], str]) -> Any:
    """The account that was parted is signed in to by its own address again."""
    return one.go("/sign-in").fill(address=OLD).press("Continue").go(letter(OLD)).press("Sign in")
