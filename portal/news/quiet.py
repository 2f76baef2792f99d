"""Quiet periods, in which the host must not publish: drafts are kept, and everybody who writes is told why."""

from __future__ import annotations

from portal.core import settings


def reason() -> str:
    """Why nothing is published now; empty when it may be."""
    if not settings.get("news_quiet"):
        return ""
    why = settings.get("news_quiet_reason").strip()
    return f"We are in a quiet period, so nothing is published now. {why}".strip()
