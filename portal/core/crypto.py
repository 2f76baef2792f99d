"""Encryption of small values at rest: authenticated, with keys derived from the deployment's secret or kept per person."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app


def new_key() -> str:
    """A fresh key (128-bit AES with HMAC, as Fernet defines it)."""
    return Fernet.generate_key().decode()


def encrypt(text: str, key: str | None = None, *, purpose: str = "general") -> str:
    """The text, readable only with the key (the deployment's own for this purpose, when none is given)."""
    return Fernet(key or own_key(purpose)).encrypt(text.encode()).decode()


def decrypt(token: str, key: str | None = None, *, purpose: str = "general") -> str | None:
    """The text again, or None when the key is gone or another one."""
    try:
        return str(Fernet(key or own_key(purpose)).decrypt(token.encode()), "utf-8")
    except (InvalidToken, ValueError):
        return None


def own_key(purpose: str) -> str:
    """The deployment's own key for one purpose, derived from its secret."""
    secret = f"{purpose}:{current_app.config['SECRET_KEY']}".encode()
    return base64.urlsafe_b64encode(hashlib.sha256(secret).digest()).decode()
