"""Who asked elsewhere not to be written to is not written to here either, whatever other file names them (R26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.suppression import suppress, suppressed_among
from portal.imports.rows import boxes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.core.access import Viewer
    from portal.imports.matching import Decision
    from portal.imports.models import Import
    from portal.imports.records import Record

WHY = "Unsubscribed elsewhere"
NO_LETTERS = "They want no letters: no invitation goes to them."


def tell_silence(decisions: Iterable[Decision]) -> None:
    """Say of each row whose person is no member yet that no invitation goes to them, whichever file told so.

    That counts apart from new people, of whom somebody would expect that they can be invited; a doubt stays one.
    """
    own = [each for each in decisions if each.known is not None and not each.known.claimed]
    records = {id(each): [each.pending.fact.record, *_others(each)] for each in own}
    every = {box.address for said in records.values() for record in said for box in boxes(record)}
    quiet = suppressed_among(sorted(every))
    for each in own:
        said = records[id(each)]
        if any(record.unsubscribed or quiet & {box.address for box in boxes(record)} for record in said):
            each.why = f"{each.why} {NO_LETTERS}".strip()
            each.outcome = each.outcome if each.outcome == "doubtful" else "quiet"


def _others(decision: Decision) -> list[Record]:
    return [fact.record for fact in decision.known.facts] if decision.known is not None else []


def keep_silence(records: Iterable[Record], imported: Import, *, by: Viewer) -> None:
    """Note the addresses of those who unsubscribed; no undo takes this back."""
    named = {box.address for record in records if record.unsubscribed for box in boxes(record)}
    for address in sorted(named):
        suppress(address, why=f"{WHY}: {imported.source or imported.name}", by=by)
