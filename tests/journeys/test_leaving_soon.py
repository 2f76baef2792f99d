"""HR announces an exit, and the leaver is at home in less than three minutes, with a second way in (I4, R21)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.core import clock
from tests.journeys.phone import with_phone

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

OWN = "ivy.tran@gmail.com"
MOST_SECONDS = 180
READING, FINDING, A_KEY = 60 / 238, 2.0, 0.4  # seconds a word, a press, and a key on a phone


class Stopwatch:
    """How long a person would need: each screen is read to its end, each press is looked for, each letter typed."""

    def __init__(self, one: Any) -> None:
        self.one, self.seconds = one, 0.0

    def read(self) -> Stopwatch:
        """Read the screen that is there."""
        self.seconds += READING * len(self.one.page.locator("main, .page-main").first.inner_text().split())
        return self

    def press(self, words: str) -> Stopwatch:
        """Press, and read what comes."""
        self.one.press(words)
        self.seconds += FINDING
        return self.read()

    def fill(self, **values: str) -> Stopwatch:
        """Type, or tick."""
        self.one.fill(**values)
        self.seconds += sum(FINDING + (A_KEY * len(value) if value != "y" else 0) for value in values.values())
        return self


def test_a_leaver_is_at_home_in_three_minutes(
    someone: Callable[..., Any], make: Make, letter: Callable[[str], str], outbox: Postbox, wordings: None, at_home: str
) -> None:
    hr = someone(make.member("Hanna Reyes", roles=("staff",)))
    hr.go("/").press("I agree")
    hr.open_menu("Your menu").press("Leavers").sees("Nobody is announced")
    hr.press("Announce").sees("Write the name").look_around("leavers-nothing-said")
    hr.fill(full_name="Ivy Tran", ends_on=str(clock.today() + timedelta(days=30)), own=OWN, title="Toolmaker")
    hr.press("Announce").sees("the account will be theirs", "Ivy Tran").look_around("leaver-announced")

    path = letter(OWN)
    assert "Ivy" not in outbox.last(OWN).text
    ivy = someone(phone=True)
    with_phone(ivy)
    watch = Stopwatch(ivy)
    watch.seconds += READING * len(outbox.last(OWN).text.split())
    ivy.go(path).sees("You are invited").look_around("leaver-letter")
    watch.read().press("Take my account").fill(agree="y").press("Continue")
    ivy.sees("a second way in").look_around("leaver-second-way-in")
    watch.press("Add a passkey instead").fill(name="My phone").press("Make the passkey")
    ivy.sees("Your passkey “My phone” is kept", "Ivy")
    assert watch.seconds < MOST_SECONDS, f"{watch.seconds:.0f} seconds from the mail to two ways in"

    ivy.go("/settings/how-you-get-in").sees("Two ways in, all of them yours: safe")
    hr.go("/leavers").sees("Here, with an address of their own").look_at("leaver-arrived")
