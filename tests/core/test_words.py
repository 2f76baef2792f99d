"""The words templates use for times, numbers and people."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import jinja
from portal.core.icons import icon
from portal.core.text import one_line, seen, shortened

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "just now"), (-59, "just now"), (-90, "1 min ago"), (-18_000, "5 h ago"), (-108_000, "yesterday"),
     (-5 * 86_400, "5 days ago"), (-40 * 86_400, "13 Oct 2026"), (20, "in a moment"), (4_000, "in 1 h"),
     (130_000, "tomorrow"), (3 * 86_400, "in 3 days")],
)  # fmt: skip
def test_times_are_relative_for_thirty_days(seconds: int, words: str) -> None:
    assert jinja.ago(NOW + timedelta(seconds=seconds), NOW) == words


def test_days_are_counted_in_the_readers_zone() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert jinja.ago(date(2026, 11, 23), late, ZoneInfo("Europe/Warsaw")) == "today"
    assert jinja.absolute(late, ZoneInfo("Europe/Warsaw")) == "Monday 23 November 2026, 00:30 CET"


@pytest.mark.parametrize(("hours", "words", "state"), [
    (100, "4 days left", "fine"), (50, "2 days left", "soon"), (3, "3 h left", "soon"), (-3, "overdue by 3 h", "overdue"),
])  # fmt: skip
def test_a_clock_says_what_is_left(hours: int, words: str, state: str) -> None:
    assert jinja.time_left(NOW + timedelta(hours=hours), NOW) == jinja.TimeLeft(words, state)


@pytest.mark.parametrize(
    ("number", "short"), [(999, "999"), (1234, "1.2k"), (99_999, "99.9k"), (999_999, "999k"), (1_500_000, "1.5m")]
)
def test_numbers_are_shortened_and_never_rounded_up(number: int, short: str) -> None:
    assert jinja.shortnum(number) == short


@given(st.lists(st.floats(0, 1e9), min_size=1))
def test_an_axis_tops_every_value(values: list[float]) -> None:
    assert jinja.axis_top(values) >= max(values)


@pytest.mark.parametrize(
    ("name", "letters"), [("Ada Okafor", "AO"), ("Ada", "A"), ("李 伟", "李伟"), ("", "?"), ("Ada B. (Bee) Cole", "AC")]
)
def test_initials_work_in_any_script(name: str, letters: str) -> None:
    assert jinja.initials(name) == letters


def test_problems_flatten_whatever_forms_nest() -> None:
    assert jinja.problems({"a": ["one"], "b": [{"c": ["two"]}], "d": []}) == ["one", "two"]


def test_an_icon_is_silent_beside_words_and_named_alone() -> None:
    assert 'aria-hidden="true"' in icon("bell")
    assert 'aria-label="&lt;News&gt;"' in icon("bell", "<News>")


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no replies"), (1, "one reply"), (3, "three replies"), (12, "twelve replies"), (13, "13 replies"), (1200, "1,200 replies")]
)  # fmt: skip
def test_small_numbers_are_words_in_sentences(number: int, words: str) -> None:
    assert jinja.spelled(number, "reply", "replies") == words


@given(st.text(), st.integers(2, 60))
def test_a_shortened_text_is_its_beginning_on_one_line(text: str, length: int) -> None:
    short = shortened(text, length)
    assert len(short) <= length + 1
    assert "\n" not in short
    line = " ".join(text.split())
    assert short == line or line.startswith(short.removesuffix(" …"))


def test_a_text_is_cut_between_words() -> None:
    assert shortened("Keep the motorbike, an auditor loves it", 20) == "Keep the motorbike …"
    assert shortened("短い文章ですがとても長い", 6) == "短い文章で …"


UNSEEN = [
    *"\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u061c\ufeff\u00ad\u3164\x00\x07",
    "\U000e0041",
]


@given(st.lists(st.sampled_from([*UNSEEN, *"Aé \n\u2028\u200c\u200dکत्"]) | st.characters()).map("".join))
def test_what_stands_on_one_line_hides_nothing(text: str) -> None:
    """T5: whatever is typed, nothing turns the direction of what follows, or stands there unseen; letters all stay."""
    line = one_line(text)
    assert not set(line) & set(UNSEEN)
    assert not any(unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
                   for char in line)  # fmt: skip
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
    assert "\u200c\u200c" not in line
    letters = [char for char in text if unicodedata.category(char)[0] in "LN" and char not in UNSEEN]
    assert [char for char in line if unicodedata.category(char)[0] in "LN"] == [
        char for char in letters if char not in "\u115f\u1160\uffa0"
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada\u202eevoL", "AdaevoL"),
        ("Ad\u200ba", "Ada"),
        ("Ad\u200da", "Ada"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("می\u200c\u202e\u200cخواهم", "می\u200cخواهم"),
        ("\u200cمی\u200c", "می"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("അഖില\u0d4d\u200d", "അഖില\u0d4d\u200d"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("two\r\nlines", "two lines"),
    ],
)
def test_joiners_stay_where_they_are_spelling(typed: str, kept: str) -> None:
    """T5: names of every script are kept as they are written."""
    assert one_line(typed) == kept
    assert seen(kept) == kept
