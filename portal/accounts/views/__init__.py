"""The pages of accounts."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from portal.accounts.views import (  # noqa: E402 - each module hangs its pages on the blueprint
    addresses,
    claim,
    confirm,
    connecting,
    helping,
    join,
    keys,
    paper,
    passkeys,
    preferences,
    reset,
    sessions,
    sign_in,
)

__all__ = [
    "addresses", "bp", "claim", "confirm", "connecting", "helping", "join", "keys", "paper", "passkeys", "preferences", "reset",
    "sessions", "sign_in",
]  # fmt: skip
