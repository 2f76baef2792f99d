"""Looking at a page finds what is wrong with it, in the look in which it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make

# A picture that says nothing, words that are too faint in the dark alone, and a block too wide for a phone.
FAULTS = """() => {
  const main = document.querySelector("main");
  const picture = main.appendChild(document.createElement("img"));
  picture.src = "/favicon.ico";
  const words = main.appendChild(document.createElement("p"));
  words.textContent = "Hard to read in the dark";
  words.style.cssText = "color: light-dark(#000, #333); background: light-dark(#fff, #222)";
  const block = main.appendChild(document.createElement("div"));
  block.style.cssText = "width: 700px; height: 1px";
}"""


@pytest.mark.once  # the faults are in the page, whatever is behind it
def test_each_fault_is_found_where_it_shows(someone: Callable[..., Any], make: Make) -> None:
    one = someone(make.member()).go("/guidelines")
    one.page.evaluate(FAULTS)
    found = one.look_all_ways("faulty")

    def looks(fault: str) -> set[str]:
        return {words.split("(")[1].split(",")[0] for words in found if fault in words}

    assert looks("image-alt") == {"desktop-light", "phone-light"}
    assert looks("color-contrast") == {"desktop-dark", "phone-dark"}
    assert looks("scrolls sideways") == {"phone-light", "phone-dark"}
