"""Mails about one's own data: to every address, with a link only where that is safe (R11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.emails import tell

if TYPE_CHECKING:
    from portal.rights.models import DataExport


def export_ready(row: DataExport) -> None:
    """The copy is there for a week."""
    tell("rights/export_ready", row.person_id, public_id=row.public_id, until=row.expires_at)
