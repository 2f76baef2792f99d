"""What the programme gives to the house."""

from __future__ import annotations

from portal.core.parts import Feature

FEATURE = Feature(name="programme")
