"""Who asked elsewhere not to be written to is not written to here either, whatever other file names them (R26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.suppression import suppress
from portal.imports.rows import boxes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.core.access import Viewer
    from portal.imports.models import Import
    from portal.imports.records import Record

WHY = "Unsubscribed elsewhere"


def keep_silence(records: Iterable[Record], imported: Import, *, by: Viewer) -> None:
    """Note the addresses of those who unsubscribed; no undo takes this back."""
    named = {box.address for record in records if record.unsubscribed for box in boxes(record)}
    for address in sorted(named):
        suppress(address, why=f"{WHY}: {imported.source or imported.name}", by=by)
