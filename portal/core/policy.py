"""The guard that every action begins with."""

from __future__ import annotations

from portal.core.errors import NotAllowed


def require(allowed: bool, message: str) -> None:
    """Go on only if it is allowed; otherwise say why not, in a sentence for the person."""
    if not allowed:
        raise NotAllowed(message)
