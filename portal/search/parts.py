"""What search gives to the house."""

from __future__ import annotations

from portal.core.parts import Feature
from portal.search.views import bp

FEATURE = Feature(name="search", blueprints=(bp,))
