"""What accounts give to the house."""

from __future__ import annotations

from portal.accounts import login, models
from portal.core.parts import Feature

FEATURE = Feature(name="accounts", init=login.init)

__all__ = ["FEATURE", "models"]
