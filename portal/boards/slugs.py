"""Slugs decorate addresses; the public id finds the thing."""

from __future__ import annotations

import re

from portal.core.text import fold


def slug_of(title: str, size: int = 60) -> str:
    """A few plain words for an address: "Köln, 3 years on" → "koln-3-years-on"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:size].rstrip("-") or "topic"
