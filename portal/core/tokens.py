"""Secrets for links, sessions and codes: at least 128 random bits, stored only as a digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets

# Without look-alike letters (0/o, 1/i/l), so that an id can be read out on the phone.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
PUBLIC_ID = 10  # letters


def new_secret() -> str:
    """A fresh secret for a URL or a cookie (256 bits)."""
    return secrets.token_urlsafe(32)


def new_public_id() -> str:
    """A short random id without look-alike letters, for URLs and the API (not a secret)."""
    dice, letters = secrets.randbelow(len(ALPHABET) ** PUBLIC_ID), []
    for _ in range(PUBLIC_ID):
        dice, letter = divmod(dice, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def digest(secret: str) -> str:
    """What is stored of a secret: its SHA-256, as 64 hex digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_digest(key: str, text: str) -> str:
    """A digest that nobody can guess without the key, for suppression lists and rate-limit keys."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare without telling by time where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
