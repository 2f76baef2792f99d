"""Whether two names may be one human's; by itself this never joins two records (R17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.fuzz import ratio

from portal.core.text import words

if TYPE_CHECKING:
    from collections.abc import Sequence

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "dr", "mr", "ms", "mrs", "phd", "md"})
ALIKE, SAME_FIRST = 82, 70
SHORTEST = 3


def tokens(name: str) -> list[str]:
    """The words of a name that tell people apart."""
    found = words(name)
    return [word for word in found if word not in SUFFIXES] or found


def same_name(one: str, other: str) -> bool:
    """The same name written in two ways: order, initials, a missing middle name, no space."""
    left, right = tokens(one), tokens(other)
    if not left or not right:
        return False
    if "".join(left) == "".join(right) or set(left) == set(right):
        return True
    few, many = sorted((left, right), key=len)
    return len(few) > 1 and _each_found(few, list(many))


def may_be_one(one: str, other: str) -> bool:
    """Names that one person may have had: a changed surname, a nickname, a handle, a slip of the pen."""
    left, right = tokens(one), tokens(other)
    if same_name(one, other) or not left or not right:
        return bool(left and right)
    if len(left) == 1 or len(right) == 1:
        return _is_handle(left, right) or ratio("".join(left), "".join(right)) >= ALIKE
    if _firsts_agree(left[0], right[0]):
        return True
    shared = {word for word in left if len(word) >= SHORTEST} & set(right)
    if shared - {left[-1]} - {right[-1]}:
        return True
    return ratio(" ".join(left), " ".join(right)) >= ALIKE and ratio(left[0], right[0]) >= SAME_FIRST


def _each_found(few: Sequence[str], many: list[str]) -> bool:
    """Whether each word of the shorter name stands in the longer one, whole or as an initial."""
    whole = 0
    for word in sorted(few, key=len, reverse=True):
        found = next((each for each in many if each == word), None)
        whole += found is not None and len(word) > 1
        found = found or next((each for each in many if 1 in (len(word), len(each)) and each[0] == word[0]), None)
        if found is None:
            return False
        many.remove(found)
    return whole > 0


def _is_handle(left: list[str], right: list[str]) -> bool:
    """ "xiewj" and "Xie Wenjun", "jsmith" and "John Smith", "Bob" and "Bob Stone"."""
    (handle,), full = (left, right) if len(left) == 1 else (right, left)
    if any(min(len(word), len(handle)) >= SHORTEST and (word in handle or handle in word) for word in full):
        return True
    return len(full) > 1 and handle.startswith(("".join(word[0] for word in full), full[0][0] + full[-1]))


def _firsts_agree(one: str, other: str) -> bool:
    """First names that are one name: equal, the short form, or a slip."""
    low, high = sorted((one, other), key=len)
    if len(low) == 1:
        return False
    return high.startswith(low) if len(low) >= SHORTEST else low == high
