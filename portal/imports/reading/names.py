"""Names as files write them, made into one full name (T5)."""

from __future__ import annotations

import re

SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "v", "phd", "md", "mba", "esq", "cpa", "dds", "rn", "msc", "bsc", "pe", "dr"}
ALWAYS_UPPER = {"II", "III", "IV", "VI", "VII", "VIII"}
# What Workday writes behind a name: (On Leave), [C].
STATE = re.compile(r"\s*(?:\((?:terminat|on leave|retire|contract|contingent|leave)[^)]*\)|\[[A-Z]{1,2}\])$", re.I)
PART = re.compile(r"[^\W\d_]+")


def readable(name: str) -> str:
    """ "AARON,  KIMBERLEI R" → "Kimberlei R Aaron"; what is readable already stays as it is."""
    if name[-1:] in (")", "]"):
        name = STATE.sub("", name).strip()
    shouted = _is_shouted(name)
    family, comma, given = name.partition(",")
    family, given = family.strip(), given.strip()
    if comma and family and given and "," not in given and not _is_suffix(given):
        name = _turned(family, given)
    return " ".join(_spoken(word) for word in name.split()) if shouted else name


def _turned(family: str, given: str) -> str:
    """The given names first; a suffix of the family name stays last: "ABAD JR,  VICENTE M" → "VICENTE M ABAD JR"."""
    words = given.split()
    if len(words) > 1 and _is_suffix(words[-1]):
        return " ".join([*words[:-1], family, words[-1]])
    return f"{given} {family}"


def _is_suffix(text: str) -> bool:
    return all(word.strip(".").replace(".", "").casefold() in SUFFIXES for word in re.split(r"[\s,]+", text) if word)


def _is_shouted(name: str) -> bool:
    """In capitals because a system wrote it so, not because it is "AJ" or "K C"."""
    return name.isupper() and sum(map(str.isalpha, name)) >= 5 and (" " in name or "," in name)


def _spoken(word: str) -> str:
    """ "O'BRIEN-MCDONALD" → "O'Brien-McDonald"; initials, numerals and JR are known."""
    bare = word.strip(".,")
    if bare in ALWAYS_UPPER or (len(bare) <= 3 and bare not in ("JR", "SR") and not set(bare) & set("AEIOUYÄÖÜ")):
        return word
    return PART.sub(lambda part: _capital(part, word), word)


def _capital(part: re.Match[str], word: str) -> str:
    text = part.group()
    if text.startswith("MC") and len(text) > 3:
        return "Mc" + text[2:].capitalize()
    if text == "S" and part.start() and word[part.start() - 1] in "'’":
        return "s"
    return text.capitalize()
