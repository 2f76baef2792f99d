"""Text as people see it: without what is hidden in it; and as they compare it: without accents, case, hyphens."""

from __future__ import annotations

import re
import unicodedata

# Letters that no Unicode decomposition reduces to what people type instead.
PLAIN = str.maketrans({
    "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
    "ŋ": "ng", "ĸ": "k", "ŧ": "t", "ſ": "s", "ə": "e", "ƒ": "f",
})  # fmt: skip
# Apostrophes and hyphens of every kind, and the invisible marks that come along when text is copied.
JOINERS = re.compile("['`´‘’‚‛ʹʻʼʽʾʿ′＇\\-‐‑‒–—―−﹣－\u00ad\u200b-\u200f\u2060\ufeff]")
# Signs that are part of a word although they are no letters: Hebrew and Arabic points, Indic vowels.
WORD = re.compile("(?:[^\\W_]|[\u0591-\u05c7\u0610-\u065f\u0670\u0900-\u0963\u0966-\u0dff])+")
# Scripts that write no spaces: each character counts as a word, so that a part of a sentence is found.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

# Latin, Greek and Cyrillic accents go; the vowel signs of other scripts are letters and stay.
ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1dff]")

# What nobody sees: controls, marks that turn the direction of what follows, fillers, tags. Letters could hide behind them.
HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
# The two joiners are spelling between Arabic and Indic letters, after an Indic virama, and inside one emoji.
_JOINED = "\u0600-\u0fff\u1000-\u109f\u1780-\u18af\ua840-\ua87f\ua8e0-\ua8ff\ufb50-\ufdff\ufe70-\ufefe"
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
SPELLED = re.compile(
    f"(?<=[{_JOINED}])([\u200c\u200d])[\u200c\u200d]*(?=[{_JOINED}])|(?<=[{_VIRAMA}])([\u200c\u200d])[\u200c\u200d]*"
    f"|(?<=[{_EMOJI}\ufe0f])(\u200d)[\u200c\u200d]*(?=[{_EMOJI}])|[\u200c\u200d]+"
)


def seen(text: str) -> str:
    """Text without what nobody sees; joiners stay where letters need them."""
    if text.isascii() and text.isprintable():
        return text
    return SPELLED.sub(lambda found: found[1] or found[2] or found[3] or "", HIDDEN.sub("", text))


def one_line(text: str) -> str:
    """What people see of a text, on one line."""
    return BREAKS.sub(" ", seen(text)).strip()


def fold(text: str) -> str:
    """Text for comparing and sorting: "Łukasz O’Brien-Jensén" → "lukasz obrienjensen"."""
    return " ".join(JOINERS.sub("", plain(text)).split())


def plain(text: str) -> str:
    """Without accents and case, but with its punctuation."""
    if text.isascii():
        return text.casefold()
    bare = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN))
    kept = ACCENTS.sub(lambda found: "" if unicodedata.category(found[0]) == "Mn" else found[0], bare)
    return unicodedata.normalize("NFKC", kept).casefold().translate(PLAIN)


def words(text: str) -> list[str]:
    """The folded words of a text in order; in scripts without spaces, each character."""
    return WORD.findall(UNSPACED.sub(r" \g<0> ", fold(text)))


def shortened(text: str, length: int) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    whole = cut.rpartition(" ")[0] if " " in cut[length // 2 :] else cut  # a script without spaces is cut anywhere
    return f"{whole.rstrip(' ,;:.–—-')} …"
