"""What careers give to the house."""

from __future__ import annotations

from portal.careers import jobs, listeners, queries
from portal.core import access
from portal.core.parts import Feature

access.contribute(queries.facts)

FEATURE = Feature(name="careers")

__all__ = ["FEATURE", "jobs", "listeners"]
