"""What profiles give to the house."""

from __future__ import annotations

from portal.core.parts import Feature
from portal.profiles import listeners, models

FEATURE = Feature(name="profiles")

__all__ = ["FEATURE", "listeners", "models"]
