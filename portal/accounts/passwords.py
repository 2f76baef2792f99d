"""Passwords: hashed with argon2id, measured before they are taken, and never shortened (ASVS 6.2)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from portal.core.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST, LONGEST = 12, 128
MEASURED = 72  # zxcvbn refuses more
STRONG = 3  # of 4
LEFT_OVER = 8  # characters that must remain beside the words that anybody could guess
HOUSE_WORDS = ("alumni", "portal", "password", "welcome", "kennwort", "passwort")
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)


def make_hash(password: str) -> str:
    """What is stored of a password; slow, so never inside a write transaction."""
    return hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether it is the password; without a stored one the same work is done for nothing (I12)."""
    try:
        hasher.verify(stored or _decoy(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return hasher.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return hasher.hash("nobody's password")


def complaint(password: str, known_words: Iterable[str] = ()) -> str | None:
    """Why a new password can't be taken, as a sentence that says what to do; None when it can."""
    if len(password) < SHORTEST:
        return f"Use {SHORTEST} characters or more: four words that don't belong together do well."
    if len(password) > LONGEST:
        return f"Use {LONGEST} characters or fewer."
    words = context_words(known_words)
    if len(_without(password, words)) < LEFT_OVER:
        return "Leave out your name, your address and the names of this place: they are the first things tried."
    if zxcvbn(password[:MEASURED], user_inputs=words)["score"] < STRONG:
        return "This password is easy to guess. Add a few words that don't belong together."
    return None


def context_words(texts: Iterable[str]) -> list[str]:
    """The words of names and addresses that must not carry a password."""
    found = {word for text in texts for word in re.findall(r"[^\W_]{4,}", plain(text))}
    return sorted(found | set(HOUSE_WORDS), key=lambda word: (-len(word), word))


def _without(password: str, words: Iterable[str]) -> str:
    left = plain(password)
    for word in words:
        left = left.replace(word, "")
    return left


def prepare() -> None:
    """Make the decoy before the first request needs it, so that the first is as quick as the second (I12)."""
    _decoy()
