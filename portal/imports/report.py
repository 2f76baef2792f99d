"""What became of each row, in words and as a file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from portal.core.jinja import plural
from portal.core.partial_dates import PartialDate
from portal.imports.queries import whole_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.imports.models import Import

OUTCOMES = {
    "new": "New person", "adds": "Adds to a person", "same": "Nothing new", "quiet": "Asked us not to write",
    "proposal": "Proposal to a member", "doubtful": "Doubtful", "refused": "Refused",
}  # fmt: skip
COUNTED = {
    "new": ("new person", "new people"), "adds": ("addition to a person", "additions to people"),
    "same": ("row with nothing new", "rows with nothing new"),
    "quiet": ("person who asked us not to write", "people who asked us not to write"),
    "proposal": ("proposal to a member", "proposals to members"),
    "doubtful": ("doubtful row", "doubtful rows"), "refused": ("refused row", "refused rows"),
}  # fmt: skip
WORDS = {
    "uploaded": "waits for you", "staging": "being read", "planning": "being planned", "planned": "planned",
    "applying": "being applied", "applied": "applied", "undoing": "being undone", "undone": "undone",
    "refused": "refused",
}  # fmt: skip
HEADER = ("Row", "What happens", "Why", "Name", "Email addresses", "Organisations", "Person")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def summary(imported: Import) -> str:
    """An import in one line."""
    if imported.state == "undone":
        removed, kept = imported.counts.get("removed", 0), imported.counts.get("kept", 0)
        gone, stays = plural(removed, "person", "people"), plural(kept, "row")
        return f"{imported.name}: taken back. {gone} removed, {stays} of which something was kept."
    counted = [plural(number, *words) for key, words in COUNTED.items() if (number := imported.counts.get(key))]
    return f"{imported.name}: {plural(imported.rows, 'row')}. {', '.join(counted) or 'Nothing in it'}."


def as_csv(import_id: int, outcome: str = "") -> Iterator[str]:
    """The report as a file, some rows at a time; no cell of it is ever taken for a formula."""
    yield "\ufeff" + _lines([HEADER])
    for some in whole_report(import_id, outcome):
        yield _lines([_cells(row) for row in some])


def safe(text: object) -> str:
    """A cell that a spreadsheet shows and never computes."""
    shown = str(text)
    return f"'{shown}" if shown.startswith(DANGEROUS) else shown


def firms_of(record: dict[str, Any], host: str = "the host") -> str:
    """The employers that a row names, in words."""
    return "; ".join(
        (each.get("organisation") or host) + (f" until {PartialDate(each['end']).label}" if each.get("end") else "")
        for each in record.get("stints", ())
    )


def _cells(row: Any) -> list[str]:
    record = row.record
    return [
        safe(cell) for cell in (
            row.number, OUTCOMES.get(row.outcome, row.outcome), row.why, record.get("full_name", ""),
            "; ".join(record.get("addresses", ())), firms_of(record), row.person or "",
        )
    ]  # fmt: skip


def _lines(rows: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
