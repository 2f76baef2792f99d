"""Whatever accent the host sets, words and buttons stay readable, in light and dark."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.brand import DARK_GROUNDS, DEFAULT_ACCENT, LIGHT_GROUNDS, brand_css, contrast, normal

accents = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def roles(accent: str) -> dict[str, tuple[str, str]]:
    found = re.findall(r"--([a-z-]+):light-dark\((#\w{6}),(#\w{6})\)", brand_css(accent))
    return {name: (light, dark) for name, light, dark in found}


@given(accents)
def test_accent_words_are_readable_on_every_ground(accent: str) -> None:
    light, dark = roles(accent)["brand"]
    light_soft, dark_soft = roles(accent)["brand-soft"]
    assert min(contrast(light, ground) for ground in (*LIGHT_GROUNDS, light_soft)) >= 4.5
    assert min(contrast(dark, ground) for ground in (*DARK_GROUNDS, dark_soft)) >= 4.5


@given(accents)
def test_words_on_buttons_are_readable(accent: str) -> None:
    found = roles(accent)
    for fill in ("fill", "fill-strong"):
        for theme in (0, 1):
            assert contrast(found[fill][theme], found["on-fill"][theme]) >= 4.5


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345g", "url(javascript:1)"])
def test_what_is_no_colour_becomes_the_default(text: str) -> None:
    assert normal(text) == DEFAULT_ACCENT


def test_short_and_capital_colours_are_understood() -> None:
    assert normal("#ABC") == "#aabbcc"
    assert normal(" 0E5A63 ") == "#0e5a63"
