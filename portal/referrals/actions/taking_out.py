"""Referrals leave as a file: only by who works with them, and on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from portal.core import audit, exports
from portal.core.policy import require
from portal.referrals import policies

if TYPE_CHECKING:
    from portal.core.access import Viewer

ONLY_WORKERS = "Your role reads the pipeline; it takes nothing out of it."


def take_out(form: str, header: exports.Row, rows: Iterable[exports.Row], *, by: Viewer) -> exports.Export:
    """Write the file, before any transaction is open."""
    require(policies.can_export(by), ONLY_WORKERS)
    return exports.make(form, header, rows)


def record_taking_out(form: str, number: int, filters: Mapping[str, str], *, by: Viewer) -> None:
    """Who took out how many, and what was asked for."""
    require(policies.can_export(by), ONLY_WORKERS)
    wanted = ", ".join(f"{name} {value}" for name, value in filters.items()) or "everything"
    audit.record("export referrals", ("referral", form), by=by, note=f"{number} rows: {wanted}")
