"""The pages of accounts."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from portal.accounts.views import sessions, sign_in  # noqa: E402

__all__ = ["bp", "sessions", "sign_in"]
